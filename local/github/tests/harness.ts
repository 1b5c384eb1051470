import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import type { GitHubDescription } from "../seed.ts";

const run = promisify(execFile);
const main = join(import.meta.dirname, "..", "main.ts");

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A GitHub of its own in a temporary folder, as a process like any user's. */
export class TestGitHub {
  private child: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async start(): Promise<TestGitHub> {
    const github = new TestGitHub(mkdtempSync(join(tmpdir(), "github-")), await freePort());
    await github.up();
    return github;
  }

  async up(): Promise<void> {
    const args = [
      "--import",
      "tsx",
      main,
      "--port",
      String(this.port),
      "--state",
      join(this.folder, "state"),
    ];
    const child = spawn(process.execPath, [...args, "--organization", "hypriot"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the GitHub ended with ${code}`)));
      child.stdout?.once("data", () => resolve());
    });
  }

  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined) return null;
    const exited = once(child, "exit");
    child.kill(signal);
    return (await exited)[0];
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get description(): GitHubDescription {
    return JSON.parse(readFileSync(join(this.folder, "state", "github.json"), "utf8"));
  }

  octokit(token: string | undefined = this.description.token): Octokit {
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    };
    return new Octokit({
      baseUrl: this.description.baseUrl,
      log,
      ...(token === undefined ? {} : { auth: token }),
    });
  }

  anonymous(): Octokit {
    return new Octokit({ baseUrl: this.description.baseUrl });
  }

  /** A token of the App's installation, got as the App gets it. */
  async appToken(): Promise<string> {
    const { app, baseUrl } = this.description;
    const privateKey = readFileSync(app.privateKeyFile, "utf8");
    const request = this.anonymous().request.defaults({ baseUrl });
    const auth = createAppAuth({ appId: app.id, privateKey, installationId: app.installationId, request });
    return (await auth({ type: "installation" })).token;
  }

  cloneUrl(repository: string, token: string | undefined = this.description.token): string {
    const credentials = token === "" ? "" : `x-access-token:${token}@`;
    return `http://${credentials}127.0.0.1:${this.port}/${repository}.git`;
  }

  /** Clones into a folder of its own, and gives a git that works there. */
  async clone(repository: string, token?: string): Promise<Git> {
    const folder = mkdtempSync(join(this.folder, "clone-"));
    await gitIn(this.folder)("clone", "--quiet", this.cloneUrl(repository, token), folder);
    return gitIn(folder);
  }
}

export interface Git {
  (...args: string[]): Promise<string>;
  readonly folder: string;
}

export function gitIn(folder: string): Git {
  const environment = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Maintainer",
    GIT_AUTHOR_EMAIL: "maintainer@localhost",
    GIT_COMMITTER_NAME: "Maintainer",
    GIT_COMMITTER_EMAIL: "maintainer@localhost",
  };
  const git = async (...args: string[]) => {
    const { stdout } = await run("git", args, { cwd: folder, env: environment, maxBuffer: 2 ** 28 });
    return stdout.trim();
  };
  return Object.assign(git, { folder });
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks; `next` waits for the next delivery of an event whose payload has these fields. */
export class Receiver {
  readonly received: Received[] = [];
  status = 200;
  private readonly waiting: {
    fits: (received: Received) => boolean;
    resolve: (received: Received) => void;
  }[] = [];
  private readonly server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      outgoing.writeHead(this.status).end("received");
      const received = { headers: incoming.headers, body: Buffer.concat(chunks).toString("utf8") };
      this.received.push(received);
      const at = this.waiting.findIndex(({ fits }) => fits(received));
      if (at >= 0) this.waiting.splice(at, 1)[0]?.resolve(received);
    });
  });

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  next(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Received> {
    const fits = ({ headers, body }: Received) => {
      if (headers["x-github-event"] !== event) return false;
      const payload: Record<string, unknown> = JSON.parse(body);
      return Object.entries(fields).every(([name, value]) => payload[name] === value);
    };
    return new Promise((resolve) => {
      this.waiting.push({ fits, resolve });
    });
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
