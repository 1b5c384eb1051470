import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { GithubApp } from "../../clients/github-app.ts";
import { GithubHooks } from "../../clients/github-hooks.ts";
import { GithubRepository } from "../../clients/github-repository.ts";
import { checkRunId } from "../../contracts/build-key.ts";
import type { BuildRecord } from "../../contracts/build-record.ts";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { splitFullName } from "../../contracts/git.ts";
import { MANIFEST_FILE } from "../../contracts/manifest.ts";
import type { ReconcileSettings } from "../../contracts/reconcile-settings.ts";
import { act as dispatchAct } from "../dispatch/act.ts";
import { Builds } from "../dispatch/builds.ts";
import type { BuildAct } from "./builds.ts";
import type { Redelivery } from "./deliveries.ts";
import { manifestOf } from "./manifests.ts";
import type { ReleaseAct } from "./releases.ts";
import type { Tables } from "./tables.ts";
import { endText, goneReason } from "./texts.ts";

export type Act = Redelivery | BuildAct | ReleaseAct;

/** What acts. */
export interface Hands {
  readonly settings: ReconcileSettings;
  readonly tables: Tables;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly github: GithubApp;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly now: () => Date;
}

/** A check run is told at most so often of a record that others change meanwhile. */
const TELL_TRIES = 3;

/** Does one act. Resolves with false where it was needless: somebody else has done it or works on it. */
export async function act(step: Act, hands: Hands, signal: AbortSignal): Promise<boolean> {
  switch (step.do) {
    case "redeliver":
      await new GithubHooks(hands.github, step.repository, signal).redeliver(step.hook, step.delivery);
      return true;
    case "resume":
      return resume(step.record, hands, signal);
    case "end":
      return end(step, hands, signal);
    case "tell":
      await tell(step.record, hands, signal);
      return true;
    case "publish":
      return publish(step, hands);
  }
}

/** Goes on where dispatch stopped, by dispatch's own means. */
async function resume(seen: BuildRecord, hands: Hands, signal: AbortSignal): Promise<boolean> {
  const { tables, settings, sqs, now } = hands;
  const record = await tables.build(seen.id);
  if (record === undefined || record.updatedAt !== seen.updatedAt || record.attempt !== seen.attempt)
    return false;
  const { repository, commit, trigger, kind, architectures, attempt, delivery = "" } = record;
  const build = { repository, commit, trigger };
  const claim = { how: "resume" } as const;
  await dispatchAct(
    record.state === "waiting" ? { do: "wait", build, claim } : { do: "queue", build, attempt, claim },
    {
      builds: new Builds(hands.dynamodb, settings.buildsTable, signal),
      github: checksOf(record, hands, signal),
      sqs,
      settings: { queues: queueUrls(settings), github: settings.github },
      entry: { kind, architectures },
      signal,
    },
    { builds: new Map([[record.id, record]]), now: now(), delivery },
  );
  return true;
}

function queueUrls({ queues }: ReconcileSettings): Record<string, string> {
  return Object.fromEntries(Object.entries(queues).map(([architecture, { url }]) => [architecture, url]));
}

function checksOf({ repository }: BuildRecord, { github }: Hands, signal: AbortSignal): GithubRepository {
  return new GithubRepository(github, repository, { checks: "write" }, signal);
}

/** Ends a build that nobody has: as its manifest says, if it left one. */
async function end(
  { record, because }: Extract<BuildAct, { do: "end" }>,
  hands: Hands,
  signal: AbortSignal,
): Promise<boolean> {
  const { s3, settings, tables, now } = hands;
  const manifest = await manifestOf(s3, settings.bucket, record);
  const state = manifest?.result ?? "error";
  const reason = manifest === undefined ? goneReason(because) : manifest.reason;
  if (!(await tables.endBuild(record, state, reason, now()))) return false;
  const { reason: _, ...rest } = record;
  await tell({ ...rest, state, ...(reason === undefined ? {} : { reason }) }, hands, signal);
  return true;
}

/** Makes the check run say what the record says; once more where the record was changed meanwhile. */
async function tell(seen: BuildRecord, hands: Hands, signal: AbortSignal): Promise<void> {
  const { tables, settings, now } = hands;
  let record: BuildRecord | undefined = seen;
  for (let tries = 1; tries <= TELL_TRIES; tries += 1) {
    const text = record && endText(record, settings.logsUrl);
    // Built again meanwhile: that attempt has a check run of its own, and who made it looks after it.
    if (record === undefined || text === undefined || record.attempt !== seen.attempt) return;
    const checks = checksOf(record, hands, signal);
    const { commit } = record;
    const externalId = checkRunId(record.id, record.attempt);
    const id = record.checkRun ?? seen.checkRun ?? (await findCheckRun(record, checks, settings));
    if (id === undefined) await checks.createCheckRun({ name: BUILD_CHECK, commit, externalId }, text);
    else await checks.updateCheckRun(id, text);
    if (await tables.told(record, now())) return;
    record = await tables.build(seen.id);
  }
}

async function findCheckRun(
  { id, attempt, commit }: BuildRecord,
  checks: GithubRepository,
  { github }: ReconcileSettings,
): Promise<number | undefined> {
  const runs = await checks.checkRuns(commit, BUILD_CHECK, github.appId);
  return runs.find(({ externalId }) => externalId === checkRunId(id, attempt))?.id;
}

/** Starts publish with the event that S3 sends of a manifest. */
async function publish(step: ReleaseAct, { tables, lambda, settings, now }: Hands): Promise<boolean> {
  if (!(await tables.resumeRelease(step, now()))) return false;
  const { repo } = splitFullName(step.repository);
  // S3 encodes keys so in its events.
  const key = encodeURIComponent(`releases/${repo}/${step.tag}/${MANIFEST_FILE}`).replaceAll("%2F", "/");
  const event = { Records: [{ s3: { bucket: { name: settings.bucket }, object: { key } } }] };
  await lambda.send(
    new InvokeCommand({
      FunctionName: settings.publishFunction,
      InvocationType: "Event",
      Payload: JSON.stringify(event),
    }),
  );
  return true;
}
