/**
 * What is left of pushes when everything fails now and then, on the local cloud with the whole pipeline up: 1,000 pushes,
 * one delivery in ten sent twice, the runner and the functions' processes killed at random, GitHub answering 5xx at
 * random, before or after it did what it was asked for. Builds are a stand-in's, and take a container each. At the end
 * every build that was asked for must have ended in exactly one check run, and every tag in exactly one complete
 * release. A tag's build that the pipeline itself could not do is asked for again once, as its check run says.
 *
 * `npm run bench:faults [-- <deliveries> [<seed>]]`
 */

import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import type { ReconcileSummary } from "../contracts/reconcile-memory.ts";
import { type Fault, FaultyGithub } from "../functions/publish/testing/faulty-github.ts";
import { removeLeftovers } from "../runner/container.ts";
import { makeBuilderImage } from "../runner/testing/builder-image.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { countDeliveries, Deliveries } from "./faults/deliveries.ts";
import { endedBuilds } from "./faults/ended.ts";
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
/** Share of GitHub's answers. */
const FAULTS = 0.05;
const ENDED_PER_KILL = 15;
const RECONCILE_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const STATUSES = [500, 502, 503, 504];
/** Without anything that changes for so long, nothing will. */
const PATIENCE_MS = 10 * 60_000;

// Who asks first is not the same each time: what is pushed is, what fails and when is of the same kind only.
const random = { pushes: new Random(SEED), faults: new Random(SEED + 1), kills: new Random(SEED + 2) };
const started = Date.now();
const say = (text: string) =>
  console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, times]) => `${times} ${what}`)
    .join(", ") || "none";
say(`${COUNT} deliveries, seed ${SEED}`);

const stack = await TestStack.create("bench-faults");
const image = `${stack.name}/builder:1`;
let proxy: FaultyGithub | undefined;
let runner: BenchRunner | undefined;
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
  const kills = new Kills(random.kills, ENDED_PER_KILL, runner, functions);
  say("the pipeline is up");

  /** Every ten seconds, one run after the other. */
  const reconcile = async () => {
    while (reconciling) {
      const next = pause(RECONCILE_EVERY_MS);
      const summary = await functions.reconcile();
      if (summary === undefined) killedRuns += 1;
      else summaries.push(summary);
      await next;
    }
  };
  const reconciled = reconcile();

  const table = String(outputs.buildsTable);
  /** How many of the pushes have no end yet, as far as the pipeline knows. */
  const open = async (): Promise<number> => {
    const ended = await endedBuilds(stack, table);
    if (faulty) kills.look(ended.length);
    const keys = new Set(ended.map(({ id }) => id));
    return pushes.pushed.filter((push) => !keys.has(keyOf(push))).length;
  };
  const openBelow = async (most: number): Promise<number> => {
    for (let before = Number.NaN, changed = Date.now(); ; ) {
      const now = await open();
      if (now !== before) changed = Date.now();
      if (now <= most || Date.now() - changed > PATIENCE_MS) return now;
      before = now;
      await pause(LOOK_EVERY_MS);
    }
  };
  for (let told = 0; pushes.pushed.length < COUNT; ) {
    await pushes.push(Math.min(WAVE, COUNT - pushes.pushed.length));
    await deliveries.double(random.pushes);
    const now = await openBelow(MOST_OPEN);
    if (pushes.pushed.length - told < 50) continue;
    told = pushes.pushed.length;
    say(`${told} pushed, ${now} open; killed: ${list(kills.counts)}`);
  }
  say("all pushed");
  await openBelow(COUNT / 10);
  say("nothing fails any more");
  faulty = false;
  await openBelow(0);

  const tags = (repo: string) =>
    pushes.pushed
      .filter((push) => push.repo === repo && push.ref.startsWith("refs/tags/"))
      .map(({ ref }) => ref.slice("refs/tags/".length));
  // What a maintainer does who reads the check run.
  let rerun = 0;
  await deliveries.tellAll();
  for (const { id, repository, checkRun } of await endedBuilds(stack, table).then((builds) =>
    builds.filter(({ state, trigger }) => state === "error" && trigger.type === "tag"),
  )) {
    say(`asked for again: ${id}`);
    rerun += 1;
    await github.request("POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest", {
      owner: OWNER,
      repo: repository.slice(OWNER.length + 1),
      check_run_id: checkRun ?? 0,
    });
  }

  /** What is wrong, of everything, as GitHub shows it; and the conclusions. */
  const wrong = async () => {
    const problems: string[] = [];
    const conclusions: Record<string, number> = {};
    for (const push of pushes.pushed) {
      const checks = await checksOf(github, OWNER, push.repo, push.commit);
      problems.push(...checkProblems(checks, [keyOf(push)]));
      for (const { state } of checks.runs) conclusions[state] = (conclusions[state] ?? 0) + 1;
    }
    const releases = await Promise.all(
      REPOSITORIES.map((repo) => releaseProblems(github, OWNER, repo, tags(repo))),
    );
    return { problems: [...problems, ...releases.flat()], conclusions, missing: releases.flat().length };
  };
  let found = await wrong();
  for (let before = "", changed = Date.now(); found.problems.length > 0; found = await wrong()) {
    const now = found.problems.join();
    if (now !== before) changed = Date.now();
    if (Date.now() - changed > PATIENCE_MS) break;
    before = now;
    await pause(2_000);
  }
  say("settled; a last look at everything");
  reconciling = false;
  await reconciled;
  // What had ended must not have changed since.
  const { problems, conclusions, missing } = await wrong();

  const { events, accepted, attempts, answers } = countDeliveries(await deliveries.pushes());
  const acts: Record<string, number> = {};
  for (const { done } of summaries) {
    for (const [what, times] of Object.entries(done)) acts[what] = (acts[what] ?? 0) + times;
  }
  const allTags = REPOSITORIES.flatMap(tags).length;
  say(`pushes: ${pushes.pushed.length}, of them tags: ${allTags}`);
  say(`events: ${events}, accepted: ${accepted}, sent twice on purpose: ${deliveries.doubled}`);
  say(`attempts to deliver: ${attempts}; answers: ${list(answers)}`);
  say(`check runs: ${list(conclusions)}; tags' builds asked for again: ${rerun}`);
  say(`releases complete: ${allTags - missing} of ${allTags}`);
  say(`killed: ${list(kills.counts)}; 5xx given by GitHub: ${list(given)}`);
  say(`reconcile: ${summaries.length} runs, ${killedRuns} killed; did: ${list(acts)}`);
  say(`open or wrong at the end: ${problems.length}`);
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length > 0 || accepted !== COUNT) process.exitCode = 1;
} finally {
  reconciling = false;
  runner?.stop();
  proxy?.stop();
  await stack.remove();
  const docker = new Docker();
  if (runner !== undefined) await removeLeftovers(docker, runner.settings.name);
  await docker
    .getVolume(stack.name)
    .remove({ force: true })
    .catch(() => undefined);
  await docker
    .getImage(image)
    .remove({ force: true })
    .catch(() => undefined);
}
