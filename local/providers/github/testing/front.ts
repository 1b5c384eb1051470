import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface GitHubFront {
  readonly baseUrl: string;
  readonly organization: string;
  /** Of an owner of the organization. */
  readonly token: string;
  /** Ends the process and deletes what it kept. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const ORGANIZATION = "hypriot";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") {
    throw new Error("no port of 127.0.0.1 is free");
  }
  return address.port;
}

/** Starts a GitHub of one's own on a free port of this machine. */
export async function startFront(): Promise<GitHubFront> {
  const state = await mkdtemp(join(tmpdir(), "github-front-"));
  const main = join(ROOT, "local/github/main.ts");
  const port = String(await freePort());
  const child = spawn(
    process.execPath,
    ["--import", "tsx", main, "--port", port, "--state", state, "--organization", ORGANIZATION],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  const first = once(createInterface(child.stdout), "line");
  await Promise.race([
    first,
    exited.then(([code]) => Promise.reject(new Error(`the GitHub front exited with ${code}`))),
  ]);
  const description = JSON.parse(await readFile(join(state, "github.json"), "utf8")) as {
    readonly baseUrl: string;
    readonly token: string;
  };
  return {
    baseUrl: description.baseUrl,
    organization: ORGANIZATION,
    token: description.token,
    async stop() {
      child.kill();
      await exited;
      await rm(state, { recursive: true });
    },
  };
}
