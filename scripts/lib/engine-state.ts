import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { processStart } from "../../local/cloud/lock.js";

/** The name in Pulumi.yaml; the file backend keeps stacks in folders by project. */
const project = "hypriotos";

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  /** Whether a provider manages it: components are not, they are nothing outside of the engine. */
  custom: z.boolean().optional(),
  protect: z.boolean().optional(),
  delete: z.boolean().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const checkpointSchema = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z.array(resourceSchema).nullish(),
        pending_operations: z.array(z.unknown()).nullish(),
      })
      .nullish(),
  }),
});

/** What the engine's state file says of a stack. */
export interface StackState {
  /** How many resources it manages: without providers and components. */
  readonly resources: number;
  /** The URNs of the resources that must not be destroyed. */
  readonly protected: readonly string[];
  /** How many operations an interrupted run had begun and not ended. */
  readonly pending: number;
  /** The program's exports. Secret ones are encrypted objects. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

const stateFile = (stateDir: string, stack: string) =>
  join(stateDir, "pulumi/.pulumi/stacks", project, `${stack}.json`);

/** Whether the stack was initialized on this state folder. */
export const hasStack = (stateDir: string, stack: string): boolean => existsSync(stateFile(stateDir, stack));

/** Reads the engine's state file; nothing when the stack was never initialized. */
export function readStackState(stateDir: string, stack: string): StackState | undefined {
  if (!hasStack(stateDir, stack)) return undefined;
  return summarizeState(JSON.parse(readFileSync(stateFile(stateDir, stack), "utf8")));
}

/** What is of interest in a parsed state file. */
export function summarizeState(document: unknown): StackState {
  const { latest } = checkpointSchema.parse(document).checkpoint;
  const resources = (latest?.resources ?? []).filter((resource) => resource.delete !== true);
  const managed = resources.filter(
    ({ type, custom }) => custom === true && !type.startsWith("pulumi:providers:"),
  );
  return {
    resources: managed.length,
    protected: resources.filter((resource) => resource.protect === true).map((resource) => resource.urn),
    pending: latest?.pending_operations?.length ?? 0,
    outputs: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  };
}

const historySchema = z.object({
  kind: z.string(),
  /** Seconds since 1970. */
  endTime: z.number(),
  result: z.string(),
});

/** How the stack's last operation ended. */
export type LastOperation = z.infer<typeof historySchema>;

/** The last operation that the engine recorded; nothing when there was none. */
export function lastOperation(stateDir: string, stack: string): LastOperation | undefined {
  const folder = join(stateDir, "pulumi/.pulumi/history", project, stack);
  if (!existsSync(folder)) return undefined;
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith(".history.json"))
    .sort()
    .at(-1);
  return newest === undefined
    ? undefined
    : historySchema.parse(JSON.parse(readFileSync(join(folder, newest), "utf8")));
}

const lockSchema = z.object({ pid: z.number(), hostname: z.string() });

/**
 * Removes the locks that engines left which were killed. The file backend never does, and every later command would
 * refuse to run.
 *
 * @returns the process ids whose locks were removed
 */
export function clearStaleLocks(stateDir: string, stack: string): readonly number[] {
  const folder = join(stateDir, "pulumi/.pulumi/locks/organization", project, stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    const lock = lockSchema.safeParse(parseQuietly(file));
    // A lock of another machine on a shared folder says nothing that could be looked up here.
    if (!lock.success || lock.data.hostname !== hostname()) return [];
    if (isEngine(lock.data.pid)) return [];
    rmSync(file, { force: true });
    // Beside it are its attributes where an earlier version of this project let the backend keep them.
    rmSync(`${file}.attrs`, { force: true });
    return [lock.data.pid];
  });
}

/** Whether a process id belongs to an engine: after a crash or a restart of the machine it may be anybody's. */
function isEngine(pid: number): boolean {
  if (processStart(pid) === undefined) return false;
  try {
    return (readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "").includes("pulumi");
  } catch {
    // Where the system tells nothing about a living process, it is taken for the engine: waiting does no harm.
    return process.platform !== "linux";
  }
}

function parseQuietly(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
