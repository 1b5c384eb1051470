import { spawn } from "node:child_process";
import { constants } from "node:os";
import { configPlacement } from "./arguments.ts";
import type { Session } from "./session.ts";

interface Engine {
  readonly engine: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How the engine shows what it does: a live table in a terminal, one line per event elsewhere. */
export const display: readonly string[] = process.stdout.isTTY
  ? []
  : ["--non-interactive", "--suppress-progress"];

/** What a command on this machine needs beside its own arguments. */
function localOptions(
  args: readonly string[],
  placement: ReturnType<typeof configPlacement>,
  { composedFile }: NonNullable<Session["local"]>,
): readonly string[] {
  const config = placement === "option" ? ["--config-file", composedFile] : [];
  // The local language host writes no programs, and the engine would end with an error after a good import.
  const code = args[0] === "import" && !args.some((word) => word.startsWith("--generate-code"));
  return code ? [...config, "--generate-code=false"] : config;
}

/**
 * Runs an engine command in the terminal and resolves with its exit code. Ctrl-C reaches the engine by itself, which
 * then ends in order; other signals are passed on.
 */
export async function runEngine(session: Session, args: readonly string[]): Promise<number> {
  const placement = session.local === undefined ? "none" : configPlacement(args[0]);
  const { local } = session;
  const placed = local === undefined ? [...args] : [...args, ...localOptions(args, placement, local)];
  const child = spawn(session.engine, placed, {
    cwd: local !== undefined && placement === "folder" ? local.projectDir : session.root,
    env: session.env,
    stdio: "inherit",
  });
  const ignore = () => undefined;
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on("SIGINT", ignore);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      // A shell's way to tell of a signal, so that a caller sees the same as if it had started the engine itself.
      child.on("close", (code, signal) =>
        resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
      );
    });
  } finally {
    process.off("SIGINT", ignore);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, forward);
    local?.writeBack();
  }
}

/** Runs an engine command that takes a stack file, out of sight. `env` is beside the session's own. */
export function captureEngine(
  session: Session,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; output: string }> {
  const options = session.local === undefined ? [] : localOptions(args, "option", session.local);
  const engine = { engine: session.engine, env: { ...session.env, ...env } };
  return runCaptured(engine, [...args, ...options], session.root);
}

/** Runs an engine command out of sight. */
export function runCaptured(
  engine: Engine,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine.engine, args, { cwd, env: engine.env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}
