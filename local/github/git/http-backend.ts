import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { gitEnvironment } from "./run.ts";

export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack` */
  readonly action: string;
  readonly service: "git-upload-pack" | "git-receive-pack";
}

/** Recognizes the requests of git's smart HTTP protocol. */
export function parseGitRequest(method: string, url: URL): GitRequest | undefined {
  const found = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(
    url.pathname,
  );
  if (found === null) return undefined;
  const [, owner = "", name = "", action = ""] = found;
  const service = action === "/info/refs" ? url.searchParams.get("service") : action.slice(1);
  if (service !== "git-upload-pack" && service !== "git-receive-pack") return undefined;
  if (method !== (action === "/info/refs" ? "GET" : "POST")) return undefined;
  return { owner, name, action, service };
}

/**
 * Serves one request through `git http-backend`. Bodies stream both ways: a pack is never held in memory.
 * Resolves when git has ended, which for a push is after its refs are set.
 */
export function serveGit(
  directory: string,
  request: GitRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  user: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header = (name: string) => String(incoming.headers[name] ?? "");
  const child = spawn("git", ["http-backend"], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: dirname(directory),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${basename(directory)}${request.action}`,
      REQUEST_METHOD: incoming.method ?? "GET",
      QUERY_STRING: request.action === "/info/refs" ? `service=${request.service}` : "",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_USER: user,
      REMOTE_ADDR: "127.0.0.1",
      GIT_COMMITTER_NAME: user,
      GIT_COMMITTER_EMAIL: `${user}@users.noreply.github.com`,
      ...(header("content-length") === "" ? {} : { CONTENT_LENGTH: header("content-length") }),
      ...environment,
    }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const complaints: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  child.stdin.on("error", () => undefined);
  incoming.pipe(child.stdin);
  // A client that goes away must not leave git waiting for the rest of a pack.
  outgoing.on("close", () => child.stdin.destroy());
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      writeHead(outgoing, head.toString("latin1", 0, end));
      chunk = head.subarray(end + 4);
      head = undefined;
    }
    if (!outgoing.write(chunk)) {
      child.stdout.pause();
      outgoing.once("drain", () => child.stdout.resume());
    }
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (head !== undefined) {
        reject(
          new Error(`git http-backend ended with ${code}: ${Buffer.concat(complaints).toString("utf8")}`),
        );
        return;
      }
      resolve();
    });
  });
}

function writeHead(outgoing: ServerResponse, text: string): void {
  for (const line of text.split("\r\n")) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if (name.toLowerCase() === "status") outgoing.statusCode = Number.parseInt(value, 10);
    else outgoing.setHeader(name, value);
  }
}
