import { writeFile } from "node:fs/promises";
import { reasonOf } from "../clients/text.ts";
import { BUILD_JOB_VARIABLE, RUN_ONE_EXIT } from "../contracts/runner-settings.ts";
import { Agent } from "./agent.ts";
import { log, makeTools } from "./clients.ts";
import { removeLeftovers } from "./container.ts";
import { Repeated } from "./repeat.ts";
import { runGiven, runNext } from "./run-one.ts";
import { readSettings } from "./settings.ts";
import { look, type Sight } from "./watch.ts";

/** What the container's health check reads (runner/Dockerfile). */
const SIGHT_FILE = "/var/lib/hypriotos/sight.json";
const LOOK_EVERY_MS = 10_000;

/** Drains the queues until it is told to stop, and keeps what it sees and does where the health check looks. */
async function run(stop: AbortSignal): Promise<void> {
  const settings = await readSettings();
  const { tools, sqs, queues } = makeTools(settings);
  log({ message: "runner started", runner: settings.name, architectures: Object.keys(settings.queues) });
  const agent = new Agent(tools, queues);
  let before = "";
  const see = async () => {
    const seen = await look({ sqs, s3: tools.s3, docker: tools.docker }, settings);
    await writeFile(SIGHT_FILE, JSON.stringify({ ...seen, working: agent.working } satisfies Sight));
    const text = JSON.stringify(seen);
    if (text !== before)
      log({ message: seen.problems.length === 0 ? "ready" : "cannot reach the pipeline", ...seen });
    before = text;
  };
  await see();
  const seeing = new Repeated(LOOK_EVERY_MS, see, (error) =>
    log({ message: "cannot look", reason: reasonOf(error) }),
  );
  // Whoever had this name before is gone; its builds go with it.
  await removeLeftovers(tools.docker, settings.name).catch((error: unknown) =>
    log({ message: "cannot remove what was left", reason: reasonOf(error) }),
  );
  await agent.run(stop);
  await seeing.stop();
  log({ message: "runner stopped" });
}

/**
 * `run-one [job]`: one job, from the argument, the environment or a queue. A job from the environment comes again when
 * it has no end yet. The exit code says how it ended.
 */
async function runOne(argument: string | undefined, stop: AbortSignal): Promise<void> {
  const { tools, queues } = makeTools(await readSettings());
  const comesAgain = argument === undefined;
  const given = argument ?? process.env[BUILD_JOB_VARIABLE];
  const end =
    given === undefined ? await runNext(tools, queues, stop) : await runGiven(tools, given, stop, comesAgain);
  log({ message: "ended", end: end ?? "no end" });
  const { passed, ended, again } = RUN_ONE_EXIT;
  process.exitCode = end === undefined ? again : end === "success" ? passed : ended;
}

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
const [, , command, argument] = process.argv;
if (command === "run-one" || command === "--once") {
  await runOne(argument, stop.signal);
} else if (command === undefined) await run(stop.signal);
else {
  console.error(`command: found ${command}, expected none or run-one`);
  process.exitCode = RUN_ONE_EXIT.wrongCall;
}
