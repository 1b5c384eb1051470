import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished, pipeline } from "node:stream/promises";

/**
 * What happens to a request instead of, or after, being answered: an error before GitHub sees it (`refuse`) or in place
 * of GitHub's answer (`lose`), a connection that breaks half-way through the body (`break`), a server that stops
 * reading it (`hang`), or that took it and never answers (`silent`).
 */
export type Fault =
  | { readonly kind: "refuse" | "lose"; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: "break" | "hang" | "silent" };

export interface Expected {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: Fault;
  /** Done when the request arrives, before the fault. */
  readonly before?: () => Promise<void>;
  /** Done when GitHub has answered. */
  readonly after?: () => void;
}

/** Stands before a GitHub, and makes each expected fault happen once. All else passes. */
export class FaultyGithub {
  readonly #faults: Expected[] = [];
  readonly #server: Server;
  /** Takes the digests of assets away, as older GitHub Enterprise Servers do. */
  digests = true;
  /** What happens to a request for which no fault is expected. Default: it passes. */
  chance: (method: string, path: string) => Fault | undefined = () => undefined;
  /** Method and path of what came through. */
  readonly requests: string[] = [];

  private constructor(readonly target: string) {
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(target: string): Promise<FaultyGithub> {
    const proxy = new FaultyGithub(target.replace(/\/$/, ""));
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  expect(...faults: readonly Expected[]): void {
    this.#faults.push(...faults);
  }

  /** Faults that have not happened. */
  get left(): number {
    return this.#faults.length;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", url = "" } = incoming;
    this.requests.push(`${method} ${url}`);
    const at = this.#faults.findIndex((fault) => fault.method === method && fault.path.test(url));
    const [expected] = at < 0 ? [] : this.#faults.splice(at, 1);
    await expected?.before?.();
    const fault = expected?.fault ?? this.chance(method, url);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "refuse") {
      // A client that is still writing when it is answered may see a broken pipe instead of the answer.
      await finished(incoming.resume());
      return this.#fail(outgoing, fault);
    }
    const forwarded = request(`${this.target}${url}`, { method, headers: incoming.headers });
    if (fault?.kind === "break") {
      forwarded.on("error", () => undefined);
      incoming.once("data", (chunk: Buffer) => {
        forwarded.write(chunk.subarray(0, 1));
        // GitHub has the headers by now: what it keeps is a wreck.
        setTimeout(() => {
          forwarded.destroy();
          outgoing.destroy();
        }, 50);
      });
      return;
    }
    const [answer] = await Promise.all([
      new Promise<IncomingMessage>((resolve, reject) => {
        forwarded.once("response", resolve);
        forwarded.once("error", reject);
      }),
      pipeline(incoming, forwarded),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(Buffer.from(chunk));
    expected?.after?.();
    if (fault?.kind === "silent") return;
    if (fault?.kind === "lose") return this.#fail(outgoing, fault);
    const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = answer.headers;
    if (!/json/.test(headers["content-type"] ?? "")) {
      outgoing.writeHead(answer.statusCode ?? 500, headers).end(Buffer.concat(chunks));
      return;
    }
    const text = Buffer.concat(chunks).toString("utf8").replaceAll(this.target, this.url);
    const shown = this.digests ? text : text.replace(/"digest":"sha256:[0-9a-f]{64}"/g, '"digest":null');
    outgoing.writeHead(answer.statusCode ?? 500, headers).end(shown);
  }

  #fail(outgoing: ServerResponse, { status, headers }: Extract<Fault, { status: number }>): void {
    outgoing.writeHead(status, { "content-type": "application/json", ...headers });
    outgoing.end(JSON.stringify({ message: `a fault: ${status}` }));
  }
}
