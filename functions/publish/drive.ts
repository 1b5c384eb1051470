import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { RequestError } from "@octokit/request-error";
import { githubStatus } from "../../clients/github-app.ts";
import type { Asset, GithubReleases, Release } from "../../clients/github-releases.ts";
import { WrongSize } from "../../clients/upload.ts";
import type { UploadedAsset } from "../../contracts/release-record.ts";
import { decide, draftMark, type Observed, type Remembered, releaseOf, type Step } from "./decide.ts";
import type { PlannedAsset, ReleasePlan } from "./plan.ts";
import { Refusal } from "./refusal.ts";

/** What one invocation works with. Errors of `open`, `notes` and the memory end it like those of GitHub. */
export interface Work {
  readonly plan: ReleasePlan;
  readonly github: GithubReleases;
  readonly memory: Memory;
  readonly open: (file: PlannedAsset) => Promise<Readable>;
  /** The release's body, Markdown. */
  readonly notes: (observed: Observed) => Promise<string>;
  /** Ends everything, with its reason. */
  readonly signal: AbortSignal;
  readonly patience: Patience;
  readonly onStep: (step: Step) => void;
}

/** What is public in the end. */
export interface Published {
  readonly release: Release;
  readonly assets: readonly Asset[];
}

export interface Memory {
  readonly remembered: Remembered;
  rememberDraft(id: number): Promise<void>;
  rememberUpload(name: string, asset: UploadedAsset): Promise<void>;
}

/** How much is borne. */
export interface Patience {
  /** How long nothing may move in an upload, in milliseconds. */
  readonly idleMs: number;
  /** Failures without an upload in between that succeeded, until the invocation gives up. */
  readonly failures: number;
  /** The wait after the first failure; each further one waits twice as long. */
  readonly firstPauseMs: number;
}

/** The state may be other than thought, or there is too much at once: to look and try again can help. */
const PASSING = [404, 408, 409, 422, 429];

function isPassing(error: unknown): boolean {
  if (error instanceof Refusal) return false;
  const status = githubStatus(error);
  return status === undefined || status >= 500 || PASSING.includes(status) || retryAfterMs(error) > 0;
}

/** How long GitHub asks to wait; 0 where it does not. */
function retryAfterMs(error: unknown): number {
  const headers = error instanceof RequestError ? error.response?.headers : undefined;
  const seconds = Number(headers?.["retry-after"] ?? 0);
  if (seconds > 0) return seconds * 1000;
  if (headers?.["x-ratelimit-remaining"] !== "0") return 0;
  return Math.max(1000, Number(headers["x-ratelimit-reset"] ?? 0) * 1000 - Date.now());
}

async function look({ plan, github, memory }: Work): Promise<Observed> {
  const releases = await github.releases();
  const release = releaseOf(plan.tag, releases, memory.remembered);
  const [tagCommit, latestTag, assets] = await Promise.all([
    github.tagCommit(plan.tag),
    github.latestTag(),
    release === undefined ? [] : github.assets(release.id),
  ]);
  return { fresh: true, releases, tagCommit, latestTag, assets };
}

async function uploadFile(
  { plan, github, memory, open, patience }: Work,
  { draft, file }: Extract<Step, { do: "upload" }>,
  observed: Observed,
): Promise<Observed> {
  const { name, size, sha256 } = file;
  const { asset, sentSha256 } = await github
    .uploadAsset(draft, { name, size, open: () => open(file), idleMs: patience.idleMs })
    .catch((error: unknown) => {
      if (!(error instanceof WrongSize)) throw error;
      throw new Refusal([`${plan.tag}: ${name}: ${error.message}: the bucket has another file`]);
    });
  if (sentSha256 !== sha256)
    throw new Refusal([
      `${plan.tag}: ${name}: found a file with the SHA-256 ${sentSha256} in the bucket, expected ${sha256}`,
    ]);
  if (asset.size !== size || (asset.sha256 ?? sha256) !== sha256)
    throw new Error(`${name}: GitHub has ${asset.size} bytes with the SHA-256 ${asset.sha256}`);
  await memory.rememberUpload(name, { id: asset.id, sha256: sentSha256 });
  return { ...observed, fresh: false, assets: [...observed.assets, asset] };
}

/** Takes the step. What is known after it, as far as that is sure; undefined where one must look. */
async function act(
  work: Work,
  step: Exclude<Step, { do: "end" | "refuse" }>,
  observed: Observed,
): Promise<Observed | undefined> {
  const { plan, github, memory } = work;
  switch (step.do) {
    case "look":
      return undefined;
    case "create-draft": {
      const draft = await github.createDraft({ ...plan, body: draftMark(plan.tag) });
      await memory.rememberDraft(draft.id);
      return { ...observed, fresh: false, releases: [...observed.releases, draft], assets: [] };
    }
    case "delete-asset":
      await github.deleteAsset(step.asset.id);
      return {
        ...observed,
        fresh: false,
        assets: observed.assets.filter(({ id }) => id !== step.asset.id),
      };
    case "upload":
      return uploadFile(work, step, observed);
    case "publish": {
      const { preRelease } = plan;
      const body = await work.notes(observed);
      await github.publish(step.draft.id, { preRelease, latest: step.latest, body });
      return undefined;
    }
    case "make-latest":
      await github.makeLatest(step.release.id);
      return undefined;
    case "delete-draft":
      await github.deleteRelease(step.draft.id);
      return undefined;
  }
}

/**
 * Goes from whatever there is to the published release, step by step; after a failure it looks anew.
 * Throws a `Refusal` where there can be no such release, the signal's reason, or what failed too often.
 */
export async function drive(work: Work): Promise<Published> {
  const { plan, memory, signal, patience } = work;
  let observed: Observed | undefined;
  for (let failures = 0; ; ) {
    try {
      observed ??= await look(work);
      const step = decide(plan, observed, memory.remembered);
      work.onStep(step);
      if (step.do === "end") return { release: step.release, assets: observed.assets };
      if (step.do === "refuse") throw new Refusal(step.problems);
      observed = await act(work, step, observed);
      if (step.do === "upload") failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!isPassing(error) || failures >= patience.failures) throw error;
      observed = undefined;
      const wait = Math.max(retryAfterMs(error), patience.firstPauseMs * 2 ** (failures - 1));
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
