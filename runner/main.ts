import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readSettings } from "./settings.ts";
import { look, type Sight } from "./watch.ts";

const SIGHT_FILE = "/var/lib/hypriotos/sight.json";
const LOOK_EVERY_MS = 10_000;

function log(fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...fields }));
}

/** Watches the queues until it is told to stop, and keeps what it sees where the health check looks. */
async function run(signal: AbortSignal): Promise<void> {
  const settings = await readSettings();
  const clients = { sqs: new SQSClient(), s3: new S3Client({ forcePathStyle: true }) };
  log({ message: "runner started", runner: settings.name, architectures: Object.keys(settings.queues) });
  let before = "";
  while (!signal.aborted) {
    const sight = await look(clients, settings);
    const text = JSON.stringify(sight);
    await writeFile(SIGHT_FILE, text);
    if (text !== before) {
      log({ message: sight.problems.length === 0 ? "ready" : "cannot reach the pipeline", ...sight });
    }
    before = text;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  log({ message: "runner stopped" });
}

/** For Docker's health check: exits with 1 and says why while the runner cannot work. */
async function health(): Promise<void> {
  const sight = JSON.parse(await readFile(SIGHT_FILE, "utf8")) as Sight;
  if (sight.problems.length > 0) {
    console.error(sight.problems.join("\n"));
    process.exitCode = 1;
  }
}

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
await (process.argv[2] === "health" ? health() : run(stop.signal));
