import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { processStart } from "./lock.js";
import { CloudError, type PartName } from "./types.ts";

/** A log is moved aside at this size when its process starts anew. Bytes. */
const logLimit = 5 * 1024 * 1024;
/** How often a condition is looked at. Milliseconds. */
const pollInterval = 50;

const noteSchema = z.object({
  pid: z.number().int().positive(),
  /** The process's start time: a process id alone may belong to a stranger by now. */
  start: z.string(),
  /** The URL it serves and all that it was started with: when they differ from what is wanted, it is started anew. */
  url: z.string(),
  key: z.string(),
});

/** What is remembered of a process that was started in the background. */
export type ProcessNote = z.infer<typeof noteSchema>;

const noteFile = (stateDir: string, part: PartName) => join(stateDir, "run", `${part}.json`);
export const logFile = (stateDir: string, part: PartName): string => join(stateDir, "logs", `${part}.log`);

/** The note on a part's process, alive or not. */
export function readNote(stateDir: string, part: PartName): ProcessNote | undefined {
  const file = noteFile(stateDir, part);
  if (!existsSync(file)) return undefined;
  try {
    return noteSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Written by another version of this project, or damaged: nothing can be known from it.
    return undefined;
  }
}

/** Whether the very process that was started still runs. */
export function isAlive(note: ProcessNote): boolean {
  return processStart(note.pid) === note.start;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: the emulators hand theirs on to the functions they run, so nothing of ours may leak. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** What tells one version of the program from another, where its path does not. */
  readonly version: string;
}

/**
 * What a launch is known by in its note: a digest, because its environment holds secrets. PATH is left out, which
 * differs from terminal to terminal and would have every one of them start the cloud anew.
 */
export function launchKey(launch: Launch): string {
  const { command, args, env, url, version } = launch;
  const sorted = Object.entries(env)
    .filter(([name]) => name !== "PATH")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([command, args, sorted, url, version]))
    .digest("hex");
}

/** Starts a process in a session of its own, so that it outlives the terminal, with its output in the part's log. */
export function launchDetached(stateDir: string, part: PartName, launch: Launch): ProcessNote {
  const log = logFile(stateDir, part);
  mkdirSync(dirname(log), { recursive: true });
  mkdirSync(dirname(noteFile(stateDir, part)), { recursive: true });
  if (existsSync(log) && statSync(log).size > logLimit) renameSync(log, `${log}.old`);
  const output = openSync(log, "a", 0o600);
  const child = spawn(launch.command, launch.args, {
    cwd: stateDir,
    env: { ...launch.env },
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined)
    throw new CloudError(`${launch.command} cannot be started: is it there and executable?`);
  const note = {
    pid: child.pid,
    start: processStart(child.pid) ?? "",
    url: launch.url,
    key: launchKey(launch),
  };
  const file = noteFile(stateDir, part);
  writeFileSync(`${file}.part`, JSON.stringify(note));
  renameSync(`${file}.part`, file);
  return note;
}

/** Polls until a condition holds. Returns whether it did before `seconds` were over. */
export async function waitUntil(
  seconds: number,
  condition: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(pollInterval);
  }
  return true;
}

/**
 * Ends a part's process: asks it, so that it saves its state, and kills it after `seconds`. Its children go with it.
 * Returns how it ended.
 */
export async function stopPart(
  stateDir: string,
  part: PartName,
  seconds: number,
): Promise<"was not running" | "stopped" | "killed"> {
  const note = readNote(stateDir, part);
  if (note === undefined) return "was not running";
  const alive = isAlive(note);
  let ended = true;
  if (alive) {
    process.kill(note.pid, "SIGTERM");
    ended = await waitUntil(seconds, () => !isAlive(note));
  }
  killGroup(note);
  await waitUntil(5, () => !isAlive(note));
  rmSync(noteFile(stateDir, part), { force: true });
  if (!alive) return "was not running";
  return ended ? "stopped" : "killed";
}

/**
 * Kills what is left of the session that the process led, such as the workers of an emulator that crashed. A number
 * that leads a new process by now is left alone.
 */
export function killGroup(note: ProcessNote): void {
  const start = processStart(note.pid);
  if (start !== undefined && start !== note.start) return;
  try {
    process.kill(-note.pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** The last lines of a part's log, to say why it ended. */
export function logTail(stateDir: string, part: PartName, lines = 5): string {
  const file = logFile(stateDir, part);
  if (!existsSync(file)) return "";
  return readFileSync(file, "utf8").trim().split("\n").slice(-lines).join("\n");
}
