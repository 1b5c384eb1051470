import { describe, expect, it } from "vitest";
import type { BuildRecord } from "../../contracts/build-record.ts";
import type { ReleaseRecord } from "../../contracts/release-record.ts";
import { MAX_RESUMES, planReleases } from "./releases.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const STILL_MS = 300_000;
const COMMIT = "a".repeat(40);
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();

function release(changes: Partial<ReleaseRecord>, secondsAgo = 301): ReleaseRecord {
  return {
    release: "board/v1.0.0",
    repository: "hypriot/board",
    tag: "v1.0.0",
    commit: COMMIT,
    state: "failed",
    attempt: 2,
    uploaded: {},
    leaseUntil: 0,
    updatedAt: at(secondsAgo),
    ...changes,
  };
}

function tag(name: string, secondsAgo: number, changes: Partial<BuildRecord> = {}): BuildRecord {
  return {
    id: `releases/board/${name}`,
    repository: "hypriot/board",
    kind: "image",
    commit: COMMIT,
    trigger: { type: "tag", tag: name },
    architectures: ["arm64"],
    attempt: 1,
    state: "success",
    queuedAt: at(secondsAgo),
    updatedAt: at(secondsAgo),
    toldAt: at(secondsAgo),
    expiresAt: 1,
    ...changes,
  };
}

const plan = (releases: ReleaseRecord[], tags: BuildRecord[] = []) => {
  const { acts, unpublished } = planReleases(releases, tags, STILL_MS, NOW);
  return { acts: acts.map((act) => act.release), unpublished };
};

describe("planReleases", () => {
  it.each(["publishing", "failed"] as const)("takes up a release that stands still: %s", (state) => {
    expect(plan([release({ state })]).acts).toEqual(["board/v1.0.0"]);
    expect(plan([release({ state }, 299)]).acts).toEqual([]);
  });

  it("leaves alone what is published, refused, or at work", () => {
    expect(plan([release({ state: "published" })]).acts).toEqual([]);
    expect(plan([release({ refused: true })]).acts).toEqual([]);
    expect(plan([release({ state: "publishing", leaseUntil: NOW + 1 })]).acts).toEqual([]);
  });

  it("waits longer each time, and gives up", () => {
    const resumed = (resumes: number, minutesAgo: number) =>
      plan([release({ resumes, resumedAt: at(minutesAgo * 60) }, 100_000)]).acts.length;
    expect([resumed(1, 5), resumed(1, 5.1)]).toEqual([0, 1]);
    expect([resumed(4, 8), resumed(4, 8.1)]).toEqual([0, 1]);
    expect([resumed(MAX_RESUMES - 1, 64), resumed(MAX_RESUMES - 1, 64.1)]).toEqual([0, 1]);
    expect(resumed(MAX_RESUMES, 100_000)).toBe(0);
  });

  it("tells for a day of what is not tried again", () => {
    expect(plan([release({ refused: true }), release({ resumes: MAX_RESUMES })]).unpublished).toBe(2);
    expect(plan([release({ refused: true }, 25 * 3600)]).unpublished).toBe(0);
    expect(plan([release({})]).unpublished).toBe(0);
  });

  it("starts what lost its event, and what stands still longest first", () => {
    const tags = [
      tag("v1.0.0", 400),
      tag("v2.0.0", 500),
      tag("v3.0.0", 200),
      tag("v4.0.0", 900, { state: "failure" }),
    ];
    expect(plan([release({}, 450)], tags).acts).toEqual(["board/v2.0.0", "board/v1.0.0"]);
    expect(plan([release({ state: "published" })], tags).acts).toEqual(["board/v2.0.0"]);
  });

  it("knows a build of a branch from a tag's", () => {
    expect(plan([], [tag("v1.0.0", 900, { trigger: { type: "push", branch: "v1.0.0" } })]).acts).toEqual([]);
  });
});
