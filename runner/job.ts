import type { BuildJob } from "../contracts/build-job.ts";
import type { BuildState } from "../contracts/build-record.ts";
import type { Manifest } from "../contracts/manifest.ts";
import { attempt } from "./attempt.ts";
import { abandonedText, type Conclusion, conclusionOf, endedText } from "./check-text.ts";
import { Superseded } from "./failure.ts";
import type { StoredManifest } from "./store.ts";
import { type Build, openBuild, type Tools } from "./tools.ts";

/** How a job ended. `past`: there was nothing to do, a later attempt is there. */
export type JobEnd = "success" | "failure" | "cancelled" | "error" | "past";

/**
 * Does a job to its one end, or goes on where an earlier run of it died: artifacts, manifest, record, check run. Throws
 * Stopped, or what went wrong with the pipeline itself: then the job is to be done again.
 */
export async function runJob(tools: Tools, job: BuildJob, stop: AbortSignal): Promise<JobEnd> {
  const build = openBuild(tools, job);
  const taken = await tools.records.take(job, tools.now());
  build.step("record taken", { found: taken.type });
  if (taken.type === "past") return "past";
  if (taken.type === "ended") return await tellAgain(build, taken.state, taken.reason);
  const stored = await build.store.manifest();
  if (stored !== undefined && stored.manifest.attempt > job.attempt) return "past";
  if (stored !== undefined && isEnd(stored, job)) return await finish(build, stored.manifest);
  let manifest: Manifest;
  try {
    manifest = await attempt(build, stop);
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    return await abandon(build, "cancelled", error.message);
  }
  const written = await build.store.commit(manifest, stored?.etag);
  build.step("manifest written", { written });
  // Another runner that had the same message was first: its end is the end.
  const end = written ? manifest : (await build.store.manifest())?.manifest;
  if (end === undefined) throw new Error(`${build.key}: found a manifest that went again`);
  return await finish(build, end);
}

/** A success is never built again, and neither is what this attempt ended in. */
function isEnd({ manifest }: StoredManifest, job: BuildJob): boolean {
  return manifest.result === "success" || manifest.attempt === job.attempt;
}

async function finish(build: Build, manifest: Manifest): Promise<JobEnd> {
  const { job, key } = build;
  if (manifest.commit !== job.commit) {
    return await abandon(build, "failure", `${key} is built already, from commit ${manifest.commit}`);
  }
  const { result, reason } = manifest;
  // The manifest is how the build ended, also where somebody had given it up meanwhile.
  await settle(build, result, reason, ["queued", "running", "error"]);
  await tellEnd(build, manifest);
  return result;
}

async function settle(
  { tools, job, step }: Build,
  state: BuildState,
  reason: string | undefined,
  from: readonly BuildState[] = ["queued", "running"],
): Promise<void> {
  const change = reason === undefined ? { state } : { state, reason };
  const settled = await tools.records.change(job, change, from, tools.now());
  step("record settled", { state, settled });
}

async function tellEnd(
  { tools, job, store, github, logUrl, step }: Build,
  manifest: Manifest,
): Promise<void> {
  const report = manifest.tests === undefined ? undefined : await store.report();
  const completedAt = new Date(manifest.finishedAt);
  await github.tell(
    { status: "completed", conclusion: conclusionOf(manifest), completedAt },
    endedText(manifest, report, logUrl),
    logUrl,
  );
  step("check run completed", { conclusion: conclusionOf(manifest) });
  await tools.records.told(job, manifest.result, tools.now());
}

const TITLES: Readonly<Record<"failure" | "cancelled" | "error", string>> = {
  failure: "Not built",
  cancelled: "Cancelled",
  error: "The pipeline failed",
};

/** Ends a build that has no manifest of its own. */
async function abandon(
  build: Build,
  state: "failure" | "cancelled" | "error",
  reason: string,
): Promise<JobEnd> {
  await settle(build, state, reason);
  return await tellAbandoned(build, state, reason);
}

async function tellAbandoned(
  { tools, job, github, logUrl, step }: Build,
  state: "failure" | "cancelled" | "error",
  reason: string,
): Promise<JobEnd> {
  const conclusion: Conclusion = state === "cancelled" ? "cancelled" : "failure";
  await github.tell(
    { status: "completed", conclusion, completedAt: tools.now() },
    abandonedText(TITLES[state], reason),
    logUrl,
  );
  step("check run completed", { conclusion });
  await tools.records.told(job, state, tools.now());
  return state;
}

/** The record says the end already; whoever wrote it may have died before the check run said so too. */
async function tellAgain(build: Build, state: BuildState, reason = ""): Promise<JobEnd> {
  if (state === "cancelled" || state === "error") return await tellAbandoned(build, state, reason);
  const stored = await build.store.manifest();
  if (stored === undefined || stored.manifest.commit !== build.job.commit) {
    return await tellAbandoned(build, "failure", reason);
  }
  await tellEnd(build, stored.manifest);
  return stored.manifest.result;
}

/** The job waits again: for another runner, or for the pipeline to work again. */
export async function release(tools: Tools, job: BuildJob, reason: string): Promise<void> {
  const build = openBuild(tools, job);
  const released = await tools.records.change(job, { state: "queued", reason }, ["running"], tools.now());
  build.step("record released", { released });
  if (released)
    await build.github.tell({ status: "queued" }, abandonedText("Waiting again", reason), build.logUrl);
}

/**
 * The pipeline could not do this job: nothing is wrong with the commit, and a re-run may go well. What ended already, but
 * for its check run, keeps its end.
 */
export async function giveUp(tools: Tools, job: BuildJob, reason: string): Promise<void> {
  const build = openBuild(tools, job);
  // A record that is missing is a reason to give up, too.
  const taken = await tools.records.take(job, tools.now()).catch(() => undefined);
  if (taken?.type === "past") return;
  if (taken?.type === "ended") {
    await tellAgain(build, taken.state, taken.reason);
    return;
  }
  const advice = "Nothing is known to be wrong with the commit: run the check again.";
  await abandon(build, "error", `${reason}. ${advice}`);
}
