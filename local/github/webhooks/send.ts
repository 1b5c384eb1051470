import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";

export interface Answer {
  readonly statusCode: number;
  /** `OK`, the reason phrase, or why there was no answer. */
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  /** Seconds. */
  readonly duration: number;
}

const TIMEOUT = 10_000;
const KEPT_BYTES = 64 * 1024;

/** `localhost`, every name under it (RFC 6761) and loopback addresses. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d+){3}$/.test(name)
  );
}

/** Names under `localhost` are this machine without asking a name server; the `Host` header keeps the name. */
const loopbackLookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

/** Posts once, gives up after ten seconds, never throws. Only this machine is reachable: nothing local leaves it. */
export function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
  const started = performance.now();
  const failed = (status: string, statusCode = 0): Answer => ({
    statusCode,
    status,
    headers: {},
    payload: "",
    duration: (performance.now() - started) / 1000,
  });
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    return Promise.resolve(failed("invalid URL"));
  }
  if (!isLoopback(target.hostname)) return Promise.resolve(failed("not on loopback"));
  return new Promise((resolve) => {
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = send(
      target,
      {
        method: "POST",
        headers: { ...headers, "Content-Length": String(Buffer.byteLength(body)) },
        lookup: loopbackLookup,
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT),
        // A certificate of this machine's own proves nothing on loopback.
        ...(target.protocol === "https:" ? { rejectUnauthorized: false } : {}),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let kept = 0;
        incoming.on("data", (chunk: Buffer) => {
          if (kept < KEPT_BYTES) chunks.push(chunk);
          kept += chunk.length;
        });
        incoming.on("error", () => resolve(failed("failed to connect to host")));
        incoming.on("end", () => {
          const statusCode = incoming.statusCode ?? 0;
          const ok = statusCode >= 200 && statusCode < 300;
          resolve({
            statusCode,
            status: ok ? "OK" : (incoming.statusMessage ?? "Invalid HTTP Response"),
            headers: Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
            ),
            payload: Buffer.concat(chunks).toString("utf8").slice(0, KEPT_BYTES),
            duration: (performance.now() - started) / 1000,
          });
        });
      },
    );
    outgoing.on("error", (error) =>
      resolve(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? failed("timed out", 504)
          : failed("failed to connect to host", 502),
      ),
    );
    outgoing.end(body);
  });
}
