import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable | null;
}

export type Next = () => Promise<Reply | undefined>;
export type Handler = (context: Context, next: Next) => Reply | undefined | Promise<Reply | undefined>;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly handler: Handler;
}

/** An answer with a status that ends the request; the same shape as the emulator's own errors. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly unknown[],
  ) {
    super(message);
  }
}

/** Turns `/repos/:owner/:repo/git/ref/:ref{.+}` into a pattern; `{…}` is the pattern of one parameter. */
export function compileRoute(path: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = path.replace(
    /:([A-Za-z0-9_]+)(?:\{([^}]+)\})?|[\\^$.*+?()[\]{}|]/g,
    (found, name: string | undefined, pattern: string | undefined) => {
      if (name === undefined) return `\\${found}`;
      names.push(name);
      return `(${pattern ?? "[^/]+"})`;
    },
  );
  return { pattern: new RegExp(`^${source}$`), names };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** One request as a handler sees it. The emulator's routes use the same methods. */
export class Context {
  params: Record<string, string> = {};
  private readonly values = new Map<string, unknown>();
  private readonly replyHeaders: Record<string, string> = {};
  private replyStatus = 200;
  private buffered: Promise<Buffer> | undefined;

  constructor(
    readonly incoming: IncomingMessage,
    readonly method: string,
    readonly url: URL,
  ) {
    Object.assign(this.req, { url: url.href, path: url.pathname, method });
  }

  readonly req = {
    param: (name: string): string => this.params[name] ?? "",
    query: (name: string): string | undefined => this.url.searchParams.get(name) ?? undefined,
    header: (name: string): string | undefined => {
      const value = this.incoming.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    json: async (): Promise<unknown> => JSON.parse((await this.bytes()).toString("utf8")),
    text: async (): Promise<string> => (await this.bytes()).toString("utf8"),
    arrayBuffer: (): Promise<Buffer> => this.bytes(),
    parseBody: async (): Promise<Record<string, string>> =>
      Object.fromEntries(new URLSearchParams((await this.bytes()).toString("utf8"))),
    url: "",
    path: "",
    method: "",
  };

  /** The body, read once however many ask. Routes with large bodies use `incoming` instead. */
  bytes(): Promise<Buffer> {
    this.buffered ??= (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of this.incoming) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    })();
    return this.buffered;
  }

  /** A JSON object; `{}` when there is no body. */
  async object(): Promise<Record<string, unknown>> {
    const text = (await this.bytes()).toString("utf8").trim();
    if (text === "") return {};
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
    } catch {
      throw new HttpError(400, "Problems parsing JSON");
    }
    throw new HttpError(400, "Body should be a JSON object");
  }

  get(name: string): unknown {
    return this.values.get(name);
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value);
  }

  header(name: string, value: string): void {
    this.replyHeaders[name] = value;
  }

  status(status: number): void {
    this.replyStatus = status;
  }

  json(data: unknown, status?: number, headers?: Record<string, string>): Reply {
    return this.body(JSON.stringify(data), status, {
      "Content-Type": "application/json; charset=utf-8",
      ...headers,
    });
  }

  text(text: string, status?: number, headers?: Record<string, string>): Reply {
    return this.body(text, status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  }

  html(html: string, status?: number): Reply {
    return this.body(html, status, { "Content-Type": "text/html; charset=utf-8" });
  }

  redirect(location: string, status = 302): Reply {
    return this.body(null, status, { Location: location });
  }

  body(body: Reply["body"], status?: number, headers?: Record<string, string>): Reply {
    return { status: status ?? this.replyStatus, headers: { ...this.replyHeaders, ...headers }, body };
  }
}

/** Routes by method and path, first come first served: the front's routes are added before the emulator's. */
export class Router {
  private readonly routes: Route[] = [];
  private readonly middleware: Handler[] = [];

  use(handler: Handler): void {
    this.middleware.push(handler);
  }

  on(method: string, path: string, handler: Handler): void {
    this.routes.push({ method, handler, ...compileRoute(path) });
  }

  get(path: string, handler: Handler): void {
    this.on("GET", path, handler);
  }

  post(path: string, handler: Handler): void {
    this.on("POST", path, handler);
  }

  put(path: string, handler: Handler): void {
    this.on("PUT", path, handler);
  }

  patch(path: string, handler: Handler): void {
    this.on("PATCH", path, handler);
  }

  delete(path: string, handler: Handler): void {
    this.on("DELETE", path, handler);
  }

  /** The answer of the first matching route after all middleware; `next()` in a route asks the next that matches. */
  async handle(context: Context): Promise<Reply> {
    const method = context.method === "HEAD" ? "GET" : context.method;
    const path = context.url.pathname;
    const matching = this.routes.filter((route) => route.method === method && route.pattern.test(path));
    const chain: Handler[] = [
      ...this.middleware,
      ...matching.map((route): Handler => {
        return (current, next) => {
          const values = route.pattern.exec(path)?.slice(1) ?? [];
          current.params = Object.fromEntries(
            route.names.map((name, at) => [name, decode(values[at] ?? "")]),
          );
          return route.handler(current, next);
        };
      }),
    ];
    const run = async (at: number): Promise<Reply | undefined> => chain[at]?.(context, () => run(at + 1));
    const reply = await run(0);
    if (reply === undefined) throw new HttpError(404, "Not Found");
    return reply;
  }
}
