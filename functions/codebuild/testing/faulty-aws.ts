import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What an operation is answered with: an error before the service sees it, its answer changed, or never. */
export type Fault =
  | { readonly kind: "refuse"; readonly error: string; readonly status?: number }
  | { readonly kind: "change"; readonly change: (answer: string) => string }
  | { readonly kind: "lose" };

/** Stands before a service of AWS that speaks JSON, and makes each expected fault happen once. All else passes. */
export class FaultyAws {
  readonly #faults: { readonly operation: string; readonly fault: Fault }[] = [];
  readonly #server: Server;
  /** What was asked, with its arguments. */
  readonly requests: { readonly operation: string; readonly body: Record<string, unknown> }[] = [];

  private constructor(readonly target: string) {
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(target: string): Promise<FaultyAws> {
    const proxy = new FaultyAws(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  expect(operation: string, fault: Fault): void {
    this.#faults.push({ operation, fault });
  }

  /** Faults that have not happened. */
  get left(): number {
    return this.#faults.length;
  }

  /** The arguments of an operation's calls, which are then forgotten. */
  asked(operation: string): Record<string, unknown>[] {
    const bodies = this.requests.filter((one) => one.operation === operation).map(({ body }) => body);
    this.requests.splice(0);
    return bodies;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1) ?? "";
    this.requests.push({ operation, body: JSON.parse(body) });
    const at = this.#faults.findIndex((one) => one.operation === operation);
    const [{ fault } = { fault: undefined }] = at < 0 ? [] : this.#faults.splice(at, 1);
    const headers = { "content-type": "application/x-amz-json-1.1" };
    if (fault?.kind === "refuse") {
      const said = JSON.stringify({ __type: fault.error, message: "a fault" });
      outgoing.writeHead(fault.status ?? 400, headers).end(said);
      return;
    }
    const forwarded = request(`${this.target}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
    });
    forwarded.end(body);
    const [answer]: IncomingMessage[] = await once(forwarded, "response");
    if (answer === undefined) throw new Error("no answer");
    const said = await text(answer);
    if (fault?.kind === "lose") outgoing.destroy();
    else
      outgoing
        .writeHead(answer.statusCode ?? 500, headers)
        .end(fault?.kind === "change" ? fault.change(said) : said);
  }
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
