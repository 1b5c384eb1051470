import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that `content` has. */
  readonly size: number;
  readonly content: Readable;
  /** How long nothing may move, in milliseconds: neither content nor an answer. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

export interface Uploaded {
  readonly response: Response;
  /** Of the bytes that were sent, in hex. Undefined where the server did not take them. */
  readonly sha256: string | undefined;
}

/** The content has another size than was said: it is not what is meant, and will not be when it is sent again. */
export class WrongSize extends Error {
  constructor(found: string, expected: number) {
    super(`found ${found} bytes, expected ${expected}`);
    this.name = "WrongSize";
  }
}

const BUFFER_BYTES = 1024 * 1024;

const ANSWER_MAX_BYTES = 1024 * 1024;

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headersOf(answer: IncomingMessage): [string, string][] {
  return Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
}

/**
 * Sends a POST with a body that is never held as a whole. `fetch` cannot tell a server that stopped reading from one
 * that is slow, nor give an answer that comes before the end of the body.
 * Throws what broke it off: the content, the connection, the signal's reason, or that nothing moved.
 */
export async function upload({ url, headers, size, content, idleMs, signal }: Upload): Promise<Uploaded> {
  const hash = createHash("sha256");
  let sent = 0;
  const measure = new Transform({
    // Reading and hashing go on while the socket is busy.
    highWaterMark: BUFFER_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sent += chunk.length;
      if (sent > size) done(new WrongSize(`more than ${size}`, size));
      else done(null, chunk);
    },
    flush(done) {
      done(sent === size ? null : new WrongSize(String(sent), size));
    },
  });
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  const outgoing = send(url, {
    method: "POST",
    // A connection of its own: one that broke off half-way is never used again.
    agent: false,
    headers: { ...headers, "content-length": size },
  });
  const end = () => outgoing.destroy(signal.reason instanceof Error ? signal.reason : new Error("ended"));
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  outgoing.setTimeout(idleMs, () => {
    outgoing.destroy(new Error(`the server at ${new URL(url).host} took and sent nothing for ${idleMs} ms`));
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
  });
  const sending = pipeline(content, measure, outgoing);
  try {
    const answer = await Promise.race([answered, sending.then(() => answered)]);
    const { statusCode: status = 500 } = answer;
    const response = new Response(await textOf(answer), { status, headers: headersOf(answer) });
    if (status >= 300) return { response, sha256: undefined };
    await sending;
    return { response, sha256: hash.digest("hex") };
  } finally {
    signal.removeEventListener("abort", end);
    // What is on its way yet has no reader any more.
    content.destroy();
    outgoing.destroy();
    await Promise.allSettled([sending, answered]);
  }
}
