import { spawn, spawnSync } from "node:child_process";

/** Nothing of the user's own git set-up may change what the emulator does. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    // The state folder may lie on a volume that has another owner.
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    ...extra,
  };
}

/** Throws a sentence that says what to do unless git is there and can merge without a work tree. */
export function requireGit(): void {
  const { stdout, error } = spawnSync("git", ["--version"], { encoding: "utf8" });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(error === undefined ? stdout : "") ?? [];
  if (major === undefined) throw new Error("git is not on PATH: install git 2.38 or newer");
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38)) return;
  throw new Error(`git is ${major}.${minor}: install git 2.38 or newer`);
}

export class GitError extends Error {
  constructor(
    readonly args: readonly string[],
    readonly code: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args.join(" ")} ended with ${code ?? "a signal"}: ${stderr.trim()}`);
  }
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are answers, not errors. */
  readonly accept?: readonly number[];
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/** Runs git on a bare repository. */
export function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["--git-dir", directory, ...args], {
      env: gitEnvironment(options.environment),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== null && (code === 0 || options.accept?.includes(code))) {
        resolve({ code, stdout: Buffer.concat(out) });
      } else {
        reject(new GitError(args, code, Buffer.concat(err).toString("utf8")));
      }
    });
    // A child that ends before it has read everything is reported by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/**
 * The same while the process waits. The emulator's routes are synchronous, so what they read lazily (the objects
 * of a repository, the content of a blob) can be had no other way.
 */
export function gitSync(
  directory: string,
  args: readonly string[],
  input: string | Buffer = "",
  environment: Readonly<Record<string, string>> = {},
): Buffer {
  const result = spawnSync("git", ["--git-dir", directory, ...args], {
    env: gitEnvironment(environment),
    input,
    maxBuffer: 2 ** 31 - 1,
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new GitError(args, result.status, result.stderr.toString("utf8"));
  return result.stdout;
}
