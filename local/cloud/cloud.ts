import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { administratorKey } from "./administrator.ts";
import {
  accountId,
  awsHealth,
  awsLaunch,
  cleanAws,
  prepareAws,
  rootCredentials,
  writePrivate,
} from "./aws.ts";
import { githubHealth, githubLaunch, prepareGithub, readGithubAccess } from "./github.ts";
import { takeLock } from "./lock.js";
import { portHolder, portTaken } from "./port.ts";
import {
  isAlive,
  killGroup,
  type Launch,
  launchDetached,
  launchKey,
  logFile,
  logTail,
  type ProcessNote,
  readNote,
  stopPart,
  waitUntil,
} from "./process.ts";
import {
  CloudError,
  type CloudHealth,
  type CloudInfo,
  type CloudSettings,
  cloudSchema,
  type Log,
  type PartHealth,
  type PartName,
} from "./types.ts";

interface Part {
  readonly name: PartName;
  readonly title: string;
  /** The key in the stack file that says where it listens. */
  readonly configKey: string;
  /** How long a start may take, and how long saving its state may take when it is stopped. Seconds. */
  readonly startLimit: number;
  readonly stopLimit: number;
  /** Makes room for a fresh start, while the part does not run. */
  readonly prepare: (stateDir: string) => void;
  readonly health: (url: string) => Promise<{ healthy: boolean; detail: string }>;
}

const aws: Part = {
  name: "aws",
  title: "AWS",
  configKey: "hypriotos:providers.aws.endpoint",
  startLimit: 60,
  stopLimit: 30,
  prepare: cleanAws,
  health: awsHealth,
};
const github: Part = {
  name: "github",
  title: "GitHub",
  configKey: "hypriotos:providers.github.baseUrl",
  startLimit: 60,
  stopLimit: 30,
  prepare: prepareGithub,
  health: githubHealth,
};

const cloudFile = (stateDir: string) => join(stateDir, "cloud.json");

/**
 * Starts what of the local cloud does not run yet and waits until all of it answers. What runs well is left alone;
 * what was started with other settings is started anew, with its state.
 *
 * @throws {CloudError} naming every part that could not be started, with the reason
 */
export async function startCloud(settings: CloudSettings, log: Log): Promise<CloudInfo> {
  const { stateDir } = settings;
  // All that is secret on this machine is in here: nobody else looks into it.
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const release = await lock(stateDir, log);
  try {
    prepareAws(stateDir);
    const credentials = rootCredentials(stateDir);
    const path = process.env.PATH ?? "";
    const results = await Promise.allSettled([
      ensurePart(stateDir, aws, awsLaunch(settings, credentials, path), log),
      ensurePart(stateDir, github, githubLaunch(settings, path), log),
    ]);
    const [awsResult, githubResult] = results;
    if (awsResult.status === "rejected" || githubResult.status === "rejected") throw combine(results);
    const key = await administratorKey(stateDir, settings.aws, credentials, awsResult.value);
    const info: CloudInfo = {
      aws: { ...settings.aws, accountId, ...key, pid: awsResult.value.pid },
      github: { ...readGithubAccess(stateDir), pid: githubResult.value.pid },
    };
    writePrivate(cloudFile(stateDir), `${JSON.stringify(info, null, 2)}\n`);
    return info;
  } finally {
    release();
  }
}

/** Stops the local cloud. What it knows is kept for the next start. */
export async function stopCloud(stateDir: string, log: Log): Promise<void> {
  if (!existsSync(stateDir)) return;
  const release = await lock(stateDir, log);
  try {
    await Promise.all(
      [aws, github].map(async (part) => {
        const result = await stopPart(stateDir, part.name, part.stopLimit);
        if (result === "killed") {
          log(
            `${part.title}: did not end within ${part.stopLimit} s and was killed; its last changes may be lost`,
          );
        } else if (result === "stopped") log(`${part.title}: stopped, its state is kept`);
      }),
    );
    rmSync(cloudFile(stateDir), { force: true });
  } finally {
    release();
  }
}

/** How each part is, asked now. Starts nothing and changes nothing. */
export async function cloudHealth(stateDir: string): Promise<CloudHealth> {
  const [awsPart, githubPart] = await Promise.all([partHealth(stateDir, aws), partHealth(stateDir, github)]);
  return { aws: awsPart, github: githubPart };
}

/** What `startCloud` wrote, or nothing when the local cloud was not started. Says nothing about its health. */
export function readCloud(stateDir: string): CloudInfo | undefined {
  const file = cloudFile(stateDir);
  return existsSync(file) ? cloudSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

const lock = (stateDir: string, log: Log) =>
  takeLock(join(stateDir, "cloud.lock"), (pid) =>
    log(`another command starts or stops the local cloud (process ${pid}), waiting for it`),
  );

/** A question to a part that is not there, or not yet, is an answer too. */
async function ask(part: Part, url: string): Promise<{ healthy: boolean; detail: string }> {
  try {
    return await part.health(url);
  } catch {
    return { healthy: false, detail: `it does not answer at ${url}` };
  }
}

const RELEASE_SECONDS = 2;

async function ensurePart(stateDir: string, part: Part, launch: Launch, log: Log): Promise<ProcessNote> {
  const note = readNote(stateDir, part.name);
  if (note !== undefined && isAlive(note)) {
    if (note.key === launchKey(launch) && (await ask(part, note.url)).healthy) return note;
    log(`${part.title}: runs with other settings or does not answer, starting it anew`);
    await stopPart(stateDir, part.name, part.stopLimit);
  } else if (note !== undefined) {
    log(`${part.title}: had ended without being told to, starting it anew`);
    killGroup(note);
  }
  const port = Number(new URL(launch.url).port);
  // A process that was killed is gone a moment before the last of its threads lets go of the port.
  if (note !== undefined) await waitUntil(RELEASE_SECONDS, async () => !(await portTaken(port)));
  if (await portTaken(port)) throw takenPort(part, port);
  part.prepare(stateDir);
  const since = Date.now();
  const started = launchDetached(stateDir, part.name, launch);
  let healthy = false;
  await waitUntil(part.startLimit, async () => {
    // Whether it lives is asked first: a stranger that took the port meanwhile would answer for the dead.
    const alive = isAlive(started);
    healthy = (await ask(part, launch.url)).healthy && alive;
    return healthy || !alive;
  });
  if (!healthy) {
    const ended = !isAlive(started);
    await stopPart(stateDir, part.name, 0);
    const what = ended ? "ended at once" : `did not answer within ${part.startLimit} s`;
    throw new CloudError(
      `${part.title}: ${what}; the end of ${logFile(stateDir, part.name)}:\n${logTail(stateDir, part.name)}`,
    );
  }
  log(`${part.title}: started at ${launch.url} in ${((Date.now() - since) / 1000).toFixed(1)} s`);
  return started;
}

function takenPort(part: Part, port: number): CloudError {
  const holder = portHolder(port);
  const who = holder === undefined ? "another process" : `process ${holder.pid} (${holder.command})`;
  return new CloudError(
    `${part.title}: port ${port} is taken by ${who}: end it, or write another port into ${part.configKey} of the stack file`,
  );
}

function combine(results: readonly PromiseSettledResult<unknown>[]): Error {
  const reasons = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const unexpected = reasons.find((reason) => !(reason instanceof CloudError));
  if (unexpected instanceof Error) return unexpected;
  return new CloudError(
    reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason))).join("\n"),
  );
}

async function partHealth(stateDir: string, part: Part): Promise<PartHealth> {
  const note = readNote(stateDir, part.name);
  if (note === undefined) return { state: "stopped", url: undefined, pid: undefined, detail: "not started" };
  if (!isAlive(note)) {
    return { state: "stopped", url: note.url, pid: undefined, detail: "ended without being told to" };
  }
  const { healthy, detail } = await ask(part, note.url);
  return { state: healthy ? "healthy" : "unhealthy", url: note.url, pid: note.pid, detail };
}
