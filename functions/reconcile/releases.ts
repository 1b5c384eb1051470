import type { BuildRecord } from "../../contracts/build-record.ts";
import { splitFullName } from "../../contracts/git.ts";
import { type ReleaseRecord, releaseId } from "../../contracts/release-record.ts";
import { pauseAfter } from "./pause.ts";

/** How often a release is taken up again before it is for people. Each time Lambda itself tries three times. */
export const MAX_RESUMES = 8;
/** A release that nobody publishes is told of for so long, in ms. */
const TOLD_MS = 24 * 3600_000;

export interface ReleaseAct {
  readonly do: "publish";
  /** `<repository>/<tag>`. */
  readonly release: string;
  readonly repository: string;
  readonly tag: string;
  readonly commit: string;
  /** As it was seen; undefined where the event of the manifest never made one. */
  readonly record: ReleaseRecord | undefined;
}

export interface ReleasesPlan {
  /** What stands still for the longest time comes first. */
  readonly acts: readonly ReleaseAct[];
  /** Releases of the last day that are not tried again. */
  readonly unpublished: number;
}

const isExhausted = ({ refused, resumes = 0 }: ReleaseRecord) => refused === true || resumes >= MAX_RESUMES;

function lastChange({ updatedAt, resumedAt = updatedAt }: ReleaseRecord): number {
  return Math.max(Date.parse(updatedAt), Date.parse(resumedAt));
}

/**
 * What is done about releases that nobody works on. `tags` are the builds of release tags that passed: one of them
 * without a record lost its event.
 */
export function planReleases(
  records: readonly ReleaseRecord[],
  tags: readonly BuildRecord[],
  stillMs: number,
  now: number,
): ReleasesPlan {
  const open = records.filter(({ state, leaseUntil }) => state !== "published" && leaseUntil < now);
  const due = open.filter((record) => {
    const since = now - lastChange(record);
    return !isExhausted(record) && since > Math.max(stillMs, pauseAfter(record.resumes ?? 0));
  });
  const known = new Set(records.map(({ release }) => release));
  const acts = [
    ...due.map((record) => ({ at: lastChange(record), act: actOf(record, record) })),
    ...tags.flatMap((build) => {
      const { trigger, repository, commit, updatedAt } = build;
      if (trigger.type !== "tag" || build.state !== "success") return [];
      const at = Date.parse(updatedAt);
      const release = releaseId(splitFullName(repository).repo, trigger.tag);
      if (known.has(release) || now - at <= stillMs) return [];
      return [{ at, act: actOf({ release, repository, tag: trigger.tag, commit }, undefined) }];
    }),
  ];
  acts.sort((one, other) => one.at - other.at);
  const unpublished = open.filter((record) => isExhausted(record) && now - lastChange(record) < TOLD_MS);
  return { acts: acts.map(({ act }) => act), unpublished: unpublished.length };
}

function actOf(
  { release, repository, tag, commit }: Pick<ReleaseRecord, "release" | "repository" | "tag" | "commit">,
  record: ReleaseRecord | undefined,
): ReleaseAct {
  return { do: "publish", release, repository, tag, commit, record };
}
