import { type ChildProcess, spawn } from "node:child_process";

export interface Ended {
  readonly code: number | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the output has a match. Rejects when the process ends without one. */
  seen(pattern: RegExp): Promise<void>;
}

/** Starts a command in a process group of its own and collects what it prints. */
export function start(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Running {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  return {
    process: child,
    ended,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (!pattern.test(output)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        ended.then(() => reject(new Error(`ended without ${pattern}:\n${output}`)), reject);
      }),
  };
}

/** Runs a command to its end; one that fails is an error with all that it printed. */
export async function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  const { code, output } = await start(file, args, { cwd: options.cwd, env: options.env ?? process.env })
    .ended;
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} exited with ${code}:\n${output}`);
  return output;
}
