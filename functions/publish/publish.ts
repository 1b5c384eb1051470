import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { GithubApp } from "../../clients/github-app.ts";
import { GithubReleases } from "../../clients/github-releases.ts";
import { type CheckRunState, GithubRepository } from "../../clients/github-repository.ts";
import { reasonOf } from "../../clients/text.ts";
import { githubWebUrl } from "../../contracts/github-web.ts";
import type { Manifest } from "../../contracts/manifest.ts";
import type { PublishSettings } from "../../contracts/publish-settings.ts";
import { logger } from "../lib/logger.ts";
import { readText } from "../lib/read-text.ts";
import { announce, publishedRelease } from "./announce.ts";
import { releaseCheckId, startCheckRun } from "./check.ts";
import type { Step } from "./decide.ts";
import { drive, type Memory, type Patience, type Published } from "./drive.ts";
import { extractedImages } from "./extracted.ts";
import { type Lease, type LeaseTimes, takeLease } from "./lease.ts";
import { collectNotes } from "./notes/collect.ts";
import { releaseNotes } from "./notes/notes.ts";
import { pinsAt } from "./pins.ts";
import type { PlannedAsset, ReleasePlan } from "./plan.ts";
import { readManifest } from "./read-manifest.ts";
import { type Changes, LeaseLost, type ReleaseRecords } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { parseReleaseKey, type ReleaseKey } from "./release-key.ts";
import type { Sign } from "./sign.ts";
import { signedPlan } from "./signed-plan.ts";
import { interruptedText, publishedText, refusedText, startedText, stepText } from "./texts.ts";

export interface Publisher {
  readonly settings: PublishSettings;
  readonly s3: S3Client;
  readonly records: ReleaseRecords;
  readonly github: GithubApp;
  readonly sign: Sign;
  readonly patience: Patience;
  readonly leaseTimes: LeaseTimes;
}

/** One release under way, by whoever holds its lease. */
interface Attempt {
  readonly publisher: Publisher;
  readonly place: ReleaseKey & { readonly key: string };
  readonly manifest: Manifest;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** What a token for a release may do. */
const PERMISSIONS = { contents: "write", checks: "write", pull_requests: "read" } as const;

/** What is left of an invocation to tell how far it came, in milliseconds. */
const RESERVE_MS = 20_000;

/** The key of a build's artifact in the bucket. */
function artifactKey({ key }: Attempt["place"], path: string): string {
  return `${key.slice(0, key.lastIndexOf("/"))}/${path}`;
}

async function readArtifact(
  { publisher, place, signal }: Attempt,
  { source }: PlannedAsset,
): Promise<Readable> {
  if ("content" in source) return Readable.from([source.content]);
  const Key = artifactKey(place, source.path);
  const { Body } = await publisher.s3.send(new GetObjectCommand({ Bucket: publisher.settings.bucket, Key }), {
    abortSignal: signal,
  });
  if (!(Body instanceof Readable)) throw new Error(`${Key}: found no content`);
  return Body;
}

function memoryOf({ lease }: Attempt, change: (changes: Changes) => Promise<void>): Memory {
  let { githubRelease, uploaded } = lease.record;
  return {
    get remembered() {
      return { githubRelease, uploaded };
    },
    async rememberDraft(id) {
      await change({ githubRelease: id, uploaded: {} });
      githubRelease = id;
      uploaded = {};
    },
    async rememberUpload(name, asset) {
      const now = { ...uploaded, [name]: asset };
      await change({ uploaded: now });
      uploaded = now;
    },
  };
}

/** Goes all the way to the published release. */
async function release(
  attempt: Attempt,
  change: (changes: Changes) => Promise<void>,
  onStep: (step: Step) => void,
): Promise<{ readonly plan: ReleasePlan; readonly published: Published }> {
  const { publisher, place, manifest, lease, signal } = attempt;
  const { settings, github, s3, patience } = publisher;
  const request = github.request(manifest.repository, PERMISSIONS, signal);
  const pins = manifest.kind === "image" ? await pinsAt(request, manifest.repository, manifest.commit) : [];
  const plan = await signedPlan({
    manifest,
    tag: place.tag,
    pins,
    webUrl: githubWebUrl(settings.github.apiUrl),
    builderId: settings.builderId,
    key: settings.signingKey,
    sign: publisher.sign,
    known: lease.record,
    remember: change,
  });
  const sources = { s3, bucket: settings.bucket, request };
  const published = await drive({
    plan,
    github: new GithubReleases(github, manifest.repository, PERMISSIONS, signal),
    memory: memoryOf(attempt, change),
    open: (file) => readArtifact(attempt, file),
    async notes({ releases }) {
      const { publicKey } = settings.signingKey;
      return releaseNotes(await collectNotes(sources, { manifest, plan, releases, pins, publicKey }));
    },
    signal,
    patience,
    onStep,
  });
  return { plan, published };
}

/** Tells everybody who follows releases, and nobody twice. */
async function tell(
  { publisher, place, manifest }: Attempt,
  plan: ReleasePlan,
  published: Published,
): Promise<void> {
  const { s3, settings } = publisher;
  const { bucket } = settings;
  const extracted = await extractedImages(manifest, (path, maxBytes) =>
    readText(s3, bucket, artifactKey(place, path), maxBytes),
  );
  const written = await announce(s3, bucket, publishedRelease(manifest, plan, published, extracted));
  const { repository } = manifest;
  logger.info(written ? "announced" : "announced before", { repository, tag: plan.tag });
}

/** Publishes, and tells on the commit how it goes. Throws what the event must be delivered again for. */
async function publish(attempt: Attempt): Promise<void> {
  const { publisher, place, manifest, lease } = attempt;
  const { settings, records, github } = publisher;
  const { repository, commit } = manifest;
  const { tag } = place;
  const { record } = lease;
  const change = (changes: Changes) => records.change(record.release, lease.owner, changes);
  // The last word is said when the time for the work is over: the signal does not end it.
  const checks = new GithubRepository(github, repository, PERMISSIONS);
  const externalId = releaseCheckId(record.release, record.attempt);
  const check = { known: record.checkRun, commit, externalId, appId: settings.github.appId };
  const checkRun = await startCheckRun(checks, check, startedText(tag));
  await change({ checkRun });
  const fail = async (text: CheckRunState, reason: string, refused?: true) => {
    await checks.updateCheckRun(checkRun, text);
    await change({ state: "failed", reason, refused, attempt: record.attempt + 1, checkRun: undefined });
  };
  let last: Step | undefined;
  const done = await release(attempt, change, (step) => {
    last = step;
    logger.info(stepText(step), { repository, tag });
  }).catch(async (error: unknown) => {
    // Whoever has the release now tells how it goes.
    if (error instanceof LeaseLost) throw error;
    const reason = reasonOf(error);
    logger.error("not published", { repository, tag, reason });
    if (error instanceof Refusal) {
      await fail(refusedText(tag, error.problems), reason, true);
      return undefined;
    }
    await fail(interruptedText(tag, reason, last), reason).catch((unsaid: unknown) =>
      logger.error("could not be told", { repository, tag, reason: reasonOf(unsaid) }),
    );
    throw error;
  });
  if (done === undefined) return;
  await tell(attempt, done.plan, done.published);
  await checks.updateCheckRun(checkRun, publishedText(done.plan, done.published.release.url));
  await change({ state: "published", reason: undefined });
  logger.info("published", { repository, tag });
}

/**
 * Publishes the release whose manifest arrived. `key` is form-encoded as in S3's events; `remainingMs` is how long the
 * invocation may take. Throws where the event must be delivered again, or is kept as a dead letter in the end.
 */
export async function publishRelease(publisher: Publisher, key: string, remainingMs: number): Promise<void> {
  const place = parseReleaseKey(key);
  if (place === undefined) {
    logger.info("object ignored", { key });
    return;
  }
  const manifest = await readManifest(publisher.s3, publisher.settings.bucket, place);
  const { repository, commit, result } = manifest;
  if (result !== "success") {
    logger.info("no release of a failed build", { repository, tag: place.tag });
    return;
  }
  const deadline = new AbortController();
  const timer = setTimeout(
    () =>
      deadline.abort(new Error(`not finished within this invocation's ${Math.round(remainingMs / 1000)} s`)),
    Math.max(0, remainingMs - RESERVE_MS),
  );
  try {
    const identity = { name: place.repository, repository, tag: place.tag, commit };
    const lease = await takeLease(publisher.records, identity, publisher.leaseTimes, deadline.signal);
    if (lease === undefined) {
      logger.info("published before", { repository, tag: place.tag });
      return;
    }
    const signal = AbortSignal.any([deadline.signal, lease.lost]);
    try {
      await publish({ publisher, place, manifest, lease, signal });
    } finally {
      await lease.end();
    }
  } finally {
    clearTimeout(timer);
  }
}
