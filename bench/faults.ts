/**
 * What is left of pushes when everything fails now and then, on the local cloud with the whole pipeline up: 1,000 pushes,
 * one delivery in ten sent twice, the runner and the functions' processes killed at random, GitHub answering 5xx at
 * random, before or after it did what it was asked for. Builds are a stand-in's, and take a container each. At the end
 * every build that was asked for must have ended in exactly one check run, and every tag in exactly one complete release.
 *
 * `npm run bench:faults [-- <deliveries> [<seed>]]`
 */

import Docker from "dockerode";
import type { ReconcileSummary } from "../contracts/reconcile-memory.ts";
import { type Fault, FaultyGithub } from "../functions/publish/testing/faulty-github.ts";
import { makeBuilderImage } from "../runner/testing/builder-image.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { countDeliveries, Deliveries } from "./faults/deliveries.ts";
import { BenchFunctions } from "./faults/functions.ts";
import { Kills } from "./faults/kills.ts";
import { checkProblems, checksOf, keyOf, releaseProblems } from "./faults/outcome.ts";
import { Pushes } from "./faults/pushes.ts";
import { BenchRunner } from "./faults/runner.ts";
import { Random } from "./lib/random.ts";

const [, , countGiven = "1000", seedGiven = String(Date.now() % 1_000_000)] = process.argv;
const COUNT = Number(countGiven);
const SEED = Number(seedGiven);
if (!Number.isInteger(COUNT) || COUNT < 1 || !Number.isInteger(SEED)) {
  throw new Error(`deliveries, seed: found ${countGiven} ${seedGiven}, expected whole numbers`);
}

const OWNER = "hypriot";
const REPOSITORIES = ["image-builder-rpi", "image-builder-banana-pi"];
/** Pushed at once: about what is built until the next ones. */
const WAVE = 10;
/** No more waves while so many builds are open: deliveries would only wait in line. */
const MOST_OPEN = 40;
const FAULTS = 0.05;
const KILL_EVERY_MS = 7_000;
const RECONCILE_EVERY_MS = 10_000;
/** Of 5xx, some of them in place of the answer to what was done. */
const STATUSES = [500, 502, 503, 504];
/** Without anything that changes for so long, nothing will. */
const PATIENCE_MS = 8 * 60_000;

// Who asks first is not the same each time: what is pushed is, what fails and when is of the same kind only.
const random = { pushes: new Random(SEED), faults: new Random(SEED + 1), kills: new Random(SEED + 2) };
const started = Date.now();
const say = (text: string) =>
  console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
say(`${COUNT} deliveries, seed ${SEED}`);

const stack = await TestStack.create("bench-faults");
const image = `${stack.name}/builder:1`;
let proxy: FaultyGithub | undefined;
let runner: BenchRunner | undefined;
let kills: Kills | undefined;
let reconciling = true;
const summaries: ReconcileSummary[] = [];
let killedRuns = 0;
try {
  await stack.run("up");
  const outputs = await stack.outputs();
  const { github } = stack;
  await makeBuilderImage(new Docker(), image);
  proxy = await FaultyGithub.start(stack.cloud.github.baseUrl);
  const apiUrl = proxy.url;
  const given: Record<string, number> = {};
  let faulty = true;
  proxy.chance = (): Fault | undefined => {
    if (!faulty || !random.faults.happens(FAULTS)) return undefined;
    const status = random.faults.of(STATUSES) ?? 500;
    given[status] = (given[status] ?? 0) + 1;
    return { kind: random.faults.happens(0.5) ? "refuse" : "lose", status };
  };
  const functions = new BenchFunctions(stack);
  await functions.change("dispatch", {}, apiUrl);
  await functions.change("publish", {}, apiUrl);
  await functions.change("reconcile", { patience: { build: 40, release: 20 } }, apiUrl);
  const [name = ""] = Object.values(Object(outputs.runners)).map(String);
  runner = await BenchRunner.inPlaceOf(name, stack.folder, stack.cloud.aws.endpoint, (settings) => ({
    ...settings,
    slots: 3,
    builderImage: image,
    cacheVolume: stack.name,
    github: { ...settings.github, apiUrl },
  }));
  const deliveries = await Deliveries.of(github, OWNER, REPOSITORIES);
  const pushes = await Pushes.into(stack, REPOSITORIES, random.pushes);
  say("the pipeline is up");

  /** Every ten seconds, one run after the other. */
  const reconcile = async () => {
    while (reconciling) {
      const next = new Promise((resolve) => setTimeout(resolve, RECONCILE_EVERY_MS));
      const summary = await functions.reconcile();
      if (summary === undefined) killedRuns += 1;
      else summaries.push(summary);
      await next;
    }
  };
  const reconciled = reconcile();
  kills = new Kills(random.kills, KILL_EVERY_MS, runner, functions);

  const done = new Set<string>();
  let last: string[] = [];
  /** What is wrong yet, of what was pushed until now. */
  const look = async (): Promise<string[]> => {
    const problems: string[] = [];
    for (const push of pushes.pushed) {
      if (done.has(push.commit)) continue;
      const found = checkProblems(await checksOf(github, OWNER, push.repo, push.commit), [keyOf(push)]);
      if (found.length === 0) done.add(push.commit);
      problems.push(...found);
    }
    return problems;
  };
  while (pushes.pushed.length < COUNT) {
    await pushes.push(Math.min(WAVE, COUNT - pushes.pushed.length));
    await deliveries.double(random.pushes);
    for (;;) {
      last = await look();
      if (last.length <= MOST_OPEN) break;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    if (pushes.pushed.length % (10 * WAVE) === 0)
      say(
        `${pushes.pushed.length} pushed, ${last.length} open, ${kills.counts.runner + kills.counts.function} killed`,
      );
  }
  say("all pushed");
  while (last.length > COUNT / 10) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    last = await look();
  }
  say("nothing fails any more");
  kills.stop();
  faulty = false;
  const tags = (repo: string) =>
    pushes.pushed
      .filter((push) => push.repo === repo && push.ref.startsWith("refs/tags/"))
      .map(({ ref }) => ref.slice("refs/tags/".length));
  let changed = Date.now();
  for (let before = ""; ; ) {
    const releases = await Promise.all(
      REPOSITORIES.map((repo) => releaseProblems(github, OWNER, repo, tags(repo))),
    );
    last = [...(await look()), ...releases.flat()];
    if (last.length === 0) break;
    if (last.join() !== before) changed = Date.now();
    if (Date.now() - changed > PATIENCE_MS) break;
    before = last.join();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  say("settled; a last look at everything");
  reconciling = false;
  await reconciled;
  // Once more all of it: what had ended must not have changed since.
  done.clear();
  last = await look();
  const releases = await Promise.all(
    REPOSITORIES.map((repo) => releaseProblems(github, OWNER, repo, tags(repo))),
  );
  last.push(...releases.flat());

  const { events, accepted, attempts, answers } = countDeliveries(await deliveries.pushes());
  const conclusions: Record<string, number> = {};
  for (const { repo, commit } of pushes.pushed) {
    for (const { state } of (await checksOf(github, OWNER, repo, commit)).runs) {
      conclusions[state] = (conclusions[state] ?? 0) + 1;
    }
  }
  const acts: Record<string, number> = {};
  for (const { done: did } of summaries) {
    for (const [what, times] of Object.entries(did)) acts[what] = (acts[what] ?? 0) + times;
  }
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([what, times]) => `${times} ${what}`)
      .join(", ") || "none";
  const allTags = REPOSITORIES.flatMap(tags).length;
  say(`pushes: ${pushes.pushed.length}, of them tags: ${allTags}`);
  say(`events: ${events}, accepted: ${accepted}, sent twice on purpose: ${deliveries.doubled}`);
  say(`attempts to deliver: ${attempts}; answers: ${list(answers)}`);
  say(`check runs: ${list(conclusions)}`);
  say(`releases complete: ${allTags - releases.flat().length} of ${allTags}`);
  say(`killed: ${list(kills.counts)}; 5xx given by GitHub: ${list(given)}`);
  say(`reconcile: ${summaries.length} runs, ${killedRuns} killed; did: ${list(acts)}`);
  say(`open or wrong at the end: ${last.length}`);
  for (const problem of last) console.log(`  ${problem}`);
  if (last.length > 0 || accepted !== COUNT) process.exitCode = 1;
} finally {
  reconciling = false;
  kills?.stop();
  runner?.stop();
  proxy?.stop();
  await stack.remove();
  const docker = new Docker();
  await docker
    .getVolume(stack.name)
    .remove({ force: true })
    .catch(() => undefined);
  await docker
    .getImage(image)
    .remove({ force: true })
    .catch(() => undefined);
}
