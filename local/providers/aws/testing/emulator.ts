import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsEmulatorPython } from "../../../../scripts/setup-steps/aws-emulator.js";
import { createContext } from "../../../../scripts/setup-steps/context.js";
import { awsLaunch, prepareAws } from "../../../cloud/aws.ts";

export interface Emulator {
  readonly endpoint: string;
  readonly region: string;
  /** The account's root user. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Ends the process and deletes what it kept. */
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function healthy(endpoint: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      if ((await fetch(`${endpoint}/_ministack/health`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`the AWS emulator exited with ${child.exitCode}; \`scripts/setup\` installs it`);
}

/** Starts an AWS emulator of one's own, with signatures and IAM enforced, on a free port of this machine. */
export async function startEmulator(): Promise<Emulator> {
  const stateDir = await mkdtemp(join(tmpdir(), "aws-emulator-"));
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const region = "us-east-1";
  const credentials = { accessKeyId: "AKIAROOTFORTESTS0000", secretAccessKey: "secret-of-the-test-account" };
  prepareAws(stateDir);
  const launch = awsLaunch(
    {
      stateDir,
      aws: { endpoint, region },
      github: { baseUrl: "http://127.0.0.1:1" },
      organization: "test",
      awsPython: awsEmulatorPython(createContext()),
    },
    credentials,
    process.env.PATH ?? "",
  );
  const child = spawn(launch.command, launch.args, { env: launch.env, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  await healthy(endpoint, child);
  return {
    endpoint,
    region,
    credentials,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
