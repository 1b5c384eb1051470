import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { githubStatus } from "../../clients/github-app.ts";
import type { CheckRunState, GithubRepository } from "../../clients/github-repository.ts";
import { isBooted } from "../../contracts/boot-test.ts";
import { BUILD_JOB_VERSION, type BuildIdentity, BuildJob, buildKey } from "../../contracts/build-job.ts";
import { checkRunId } from "../../contracts/build-key.ts";
import type { BuildRecord } from "../../contracts/build-record.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import type { DispatchSettings } from "../../contracts/dispatch-settings.ts";
import { APPROVAL_LABEL } from "../../contracts/labels.ts";
import { isTrusted } from "../../contracts/trigger.ts";
import type { Builds } from "./builds.ts";
import { noQueueText, queuedText, waitingText } from "./check-texts.ts";
import type { Claim, Known as Everything, Step } from "./decide/decision.ts";

/** What of the answers an act needs. */
export type Known = Pick<Everything, "builds" | "now" | "delivery">;

/** What acts on a repository. */
export interface Reach {
  readonly builds: Builds;
  readonly github: GithubRepository;
  readonly sqs: SQSClient;
  readonly settings: Pick<DispatchSettings, "queues" | "github">;
  readonly entry: Catalogue[string];
  readonly signal: AbortSignal;
}

/** What was done about a delivery; kept with it and told in the answer. */
export interface Done {
  readonly did: Step["do"] | "fail";
  readonly build?: string;
  readonly attempt?: number;
  readonly because?: string;
}

/** Somebody else moved the build since it was looked at: look again. */
export class ClaimLost extends Error {}

const YEAR_SECONDS = 365 * 24 * 3600;
const UNPROCESSABLE = 422;
const NO_COMMIT = "GitHub has no such commit";

const expiresAt = (now: Date) => Math.floor(now.getTime() / 1000) + YEAR_SECONDS;

/** Does one step. It may be done twice: what is there already stays, what is missing is made. */
export async function act(step: Step, reach: Reach, known: Known): Promise<Done> {
  switch (step.do) {
    case "queue":
      return queue(step, reach, known);
    case "wait":
      return wait(step, reach, known);
    case "refuse": {
      const { commit, check, externalId, title, summary } = step;
      const found = await findCheckRun(reach, commit, check, externalId);
      const state: CheckRunState = { status: "completed", conclusion: "failure", title, summary };
      if (found === undefined) await reach.github.createCheckRun({ name: check, commit, externalId }, state);
      return { did: "refuse", because: title };
    }
    case "disallow": {
      const record = known.builds.get(buildKey(step.build));
      const text = waitingText(step.build.commit, step.by);
      if (record?.checkRun !== undefined) await reach.github.updateCheckRun(record.checkRun, text);
      return { did: "disallow", build: buildKey(step.build) };
    }
    case "remove-label":
      await reach.github.removeLabel(step.number, APPROVAL_LABEL);
      return { did: "remove-label" };
    case "lead":
      await reach.builds.lead(step.lineage, step.before, expiresAt(known.now));
      return { did: "lead", build: step.lineage.build };
    case "nothing":
      return { did: "nothing", because: step.because };
  }
}

/** Makes the record of an attempt, or moves it to one. */
async function claim(how: Claim, record: BuildRecord, { builds }: Reach): Promise<void> {
  const held =
    how.how === "resume" ||
    (how.how === "new" ? await builds.create(record) : await builds.requeue(record, how));
  if (!held) throw new ClaimLost(record.id);
}

function recordOf(
  build: BuildIdentity,
  attempt: number,
  state: "queued" | "waiting",
  { entry }: Reach,
  { now, delivery }: Known,
): BuildRecord {
  return {
    id: buildKey(build),
    ...build,
    kind: entry.kind,
    architectures: [...entry.architectures],
    attempt,
    state,
    delivery,
    queuedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    expiresAt: expiresAt(now),
  };
}

async function findCheckRun({ github, settings }: Reach, commit: string, name: string, externalId: string) {
  const runs = await github.checkRuns(commit, name, settings.github.appId);
  return runs.find((run) => run.externalId === externalId);
}

/** The check run of an attempt in the given state; resolves with its id, undefined where GitHub has no such commit. */
async function ensureCheckRun(
  reach: Reach,
  commit: string,
  externalId: string,
  state: CheckRunState,
  { fresh, id }: { readonly fresh: boolean; readonly id?: number | undefined },
): Promise<number | undefined> {
  const found =
    fresh || id !== undefined ? undefined : await findCheckRun(reach, commit, BUILD_CHECK, externalId);
  const known = id ?? found?.id;
  if (known === undefined) {
    try {
      return await reach.github.createCheckRun({ name: BUILD_CHECK, commit, externalId }, state);
    } catch (error) {
      if (githubStatus(error) === UNPROCESSABLE) return undefined;
      throw error;
    }
  }
  if (id !== undefined || found?.status !== state.status) await reach.github.updateCheckRun(known, state);
  return known;
}

async function queue(step: Extract<Step, { do: "queue" }>, reach: Reach, known: Known): Promise<Done> {
  const { build, attempt } = step;
  const { builds, settings, sqs, entry, signal } = reach;
  const key = buildKey(build);
  const before = known.builds.get(key);
  await claim(step.claim, recordOf(build, attempt, "queued", reach, known), reach);
  const [architecture = "amd64"] = entry.architectures;
  const url = settings.queues[architecture];
  const state = url === undefined ? noQueueText(architecture) : queuedText(key, attempt);
  const checkRun = await ensureCheckRun(reach, build.commit, checkRunId(key, attempt), state, {
    // A record that this call made, or moved to the next attempt, has no check run yet.
    fresh: before?.attempt !== attempt,
    id: before?.attempt === attempt ? before.checkRun : undefined,
  });
  if (checkRun === undefined) {
    await builds.mark(key, attempt, { state: "error", reason: NO_COMMIT }, known.now);
    return { did: "fail", build: key, attempt, because: NO_COMMIT };
  }
  if (url === undefined) {
    await builds.mark(key, attempt, { checkRun, state: "error", reason: state.title }, known.now);
    return { did: "fail", build: key, attempt, because: state.title };
  }
  const job = BuildJob.parse({
    version: BUILD_JOB_VERSION,
    ...build,
    kind: entry.kind,
    architectures: [...entry.architectures],
    trusted: isTrusted(build.trigger),
    bootTest: isBooted(entry.bootTest ?? "never", build.trigger),
    attempt,
    checkRun,
  });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(job) }), {
    abortSignal: signal,
  });
  await builds.mark(key, attempt, { checkRun, sentAt: known.now.toISOString() }, known.now);
  return { did: "queue", build: key, attempt };
}

async function wait(
  { build, claim: how }: Extract<Step, { do: "wait" }>,
  reach: Reach,
  known: Known,
): Promise<Done> {
  const key = buildKey(build);
  await claim(how, recordOf(build, 1, "waiting", reach, known), reach);
  const checkRun = await ensureCheckRun(reach, build.commit, checkRunId(key, 1), waitingText(build.commit), {
    fresh: how.how === "new",
  });
  if (checkRun === undefined) return { did: "fail", build: key, because: NO_COMMIT };
  await reach.builds.mark(key, 1, { checkRun }, known.now);
  return { did: "wait", build: key };
}
