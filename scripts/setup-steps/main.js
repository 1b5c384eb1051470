import { join } from "node:path";
import { takeLock } from "../../local/cloud/lock.js";
import { actionlint } from "./actionlint.js";
import { awsEmulator } from "./aws-emulator.js";
import { baseImage } from "./base-image.js";
import { binfmt } from "./binfmt.js";
import { createContext } from "./context.js";
import { debian } from "./debian.js";
import { docker } from "./docker.js";
import { engine } from "./engine.js";
import { npm } from "./npm.js";
import { SetupError } from "./process.js";
import { tools } from "./tools.js";

/** In the order in which they need each other. */
const steps = [debian, tools, npm, awsEmulator, engine, docker, baseImage, binfmt, actionlint];

/** Standard output stays free for what the command behind set-up answers. @param {string} text */
const say = (text) => process.stderr.write(`setup: ${text}\n`);

/** @param {number} since milliseconds */
const elapsed = (since) => {
  const seconds = (Date.now() - since) / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
};

/** @param {readonly string[]} args */
function selectSteps(args) {
  if (args.length === 0) return steps;
  const names = args[0] === "--only" && args.length === 2 ? (args[1] ?? "").split(",") : [];
  const unknown = names.filter((name) => !steps.some((step) => step.id === name));
  if (names.length === 0 || unknown.length > 0) {
    const all = steps.map((step) => step.id).join(",");
    throw new SetupError(
      `usage: scripts/setup [--only ${all}]${unknown.length > 0 ? `; no step is called ${unknown.join(", ")}` : ""}`,
    );
  }
  return steps.filter((step) => names.includes(step.id));
}

/**
 * @param {import("./context.js").Step} step
 * @param {import("./context.js").Context} context
 */
async function bring(step, context) {
  const what = await step.missing(context);
  if (what === undefined) return;
  const since = Date.now();
  say(`${step.title}: ${what}`);
  try {
    await step.make(context, (text) => say(`  ${text} (${elapsed(since)})`));
  } catch (error) {
    if (step.optional !== true || !(error instanceof SetupError)) throw error;
    say(`${step.title}: ${error.message}`);
    return;
  }
  const still = await step.missing(context);
  if (still !== undefined) throw new SetupError(`${step.title}: done, and yet: ${still}.`);
  say(`${step.title}: done in ${elapsed(since)}`);
}

async function main() {
  const context = createContext();
  const args = process.argv.slice(2);
  const selected = selectSteps(args);
  const missing = await Promise.all(selected.map((step) => step.missing(context)));
  if (missing.some((what) => what !== undefined)) {
    const release = await takeLock(join(context.cache, "setup.lock"), (pid) =>
      say(`another set-up runs (process ${pid}), waiting for it`),
    );
    process.on("exit", release);
    for (const step of selected) await bring(step, context);
  }
  const alone = process.env.npm_lifecycle_event === undefined || process.env.npm_lifecycle_event === "setup";
  if (alone && args.length === 0) say("all is there. Next: npm run up");
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = 1;
}
