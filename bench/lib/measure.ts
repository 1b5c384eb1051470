import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly seconds: number;
  /** The most memory that the process and all below it held at once, in MiB (resident). */
  readonly peakMiB: number;
  readonly output: string;
}

const SAMPLE_MS = 50;
const KIB_PER_MIB = 1024;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly kib: number;
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
        return [{ pid: Number(name), parent: field("PPid"), kib: field("VmRSS") }];
      } catch {
        // It ended between the listing and the look.
        return [];
      }
    });
}

/** Resident memory of a process and its descendants, in MiB. */
function treeMiB(root: number): number {
  const all = processes();
  const tree = new Set([root]);
  // Children have higher ids than their parents but for a wrap-around; twice is enough for that.
  for (const { pid, parent } of [...all, ...all]) if (tree.has(parent)) tree.add(pid);
  return all.filter(({ pid }) => tree.has(pid)).reduce((sum, { kib }) => sum + kib, 0) / KIB_PER_MIB;
}

/**
 * Runs a command to its end. One that fails is an error with all that it printed.
 *
 * @param accepted exit codes that are no failure
 */
export function measure(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  accepted: readonly number[] = [0],
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let peakMiB = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    const sample = setInterval(() => {
      peakMiB = Math.max(peakMiB, treeMiB(child.pid ?? 0));
    }, SAMPLE_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(sample);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code !== null && accepted.includes(code)) resolve({ seconds, peakMiB, output });
      else reject(new Error(`${file} ${args.join(" ")} exited with ${code}:\n${output}`));
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** `1.23 s` */
export const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** The smallest value that the given share of all (0 to 1) does not exceed: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** `12 ms` */
export const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
