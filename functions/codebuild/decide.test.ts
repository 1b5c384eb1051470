import { describe, expect, it } from "vitest";
import type { BuildJob } from "../../contracts/build-job.ts";
import type { BuildRecord, BuildState } from "../../contracts/build-record.ts";
import { type BuildSight, backoffSeconds, decide, MAX_STARTS, type Seen } from "./decide.ts";

const job: BuildJob = {
  version: 1,
  repository: "hypriot/image-builder-rpi",
  kind: "image",
  commit: "a".repeat(40),
  trigger: { type: "push", branch: "topic" },
  trusted: true,
  architectures: ["arm64"],
  attempt: 2,
  checkRun: 7,
};

function record(state: BuildState, change: Partial<BuildRecord> = {}): BuildRecord {
  const { repository, kind, commit, trigger, architectures, attempt } = job;
  const time = "2026-11-24T10:00:00Z";
  return {
    ...{ id: "builds/x", repository, kind, commit, trigger, architectures: [...architectures], attempt },
    ...{ state, queuedAt: time, updatedAt: time, expiresAt: 1 },
    ...change,
  };
}

const asked = (start: number, id?: string) => ({
  codebuild: { attempt: 2, start, askedAt: "2026-11-24T10:00:00Z", ...(id === undefined ? {} : { id }) },
});

function decided(seen: Partial<Seen>) {
  return decide({ job, receives: 1, record: record("queued"), newer: undefined, build: undefined, ...seen });
}

const FAILED: BuildSight = { type: "failed", reason: "CodeBuild's x:1: FAULT in PROVISIONING" };

describe("a job that nobody began", () => {
  it("is started", () => {
    expect(decided({})).toEqual({ type: "start", start: 1 });
  });

  it("is started again where an earlier attempt's build is remembered", () => {
    const earlier = { codebuild: { attempt: 1, start: 3, askedAt: "2026-11-24T10:00:00Z", id: "x:1" } };
    expect(decided({ record: record("queued", earlier) })).toEqual({ type: "start", start: 1 });
  });

  it("is asked for in the same words where nobody knows whether it was", () => {
    expect(decided({ record: record("queued", asked(2)) })).toEqual({ type: "start", start: 2 });
  });

  it.each([undefined, asked(1)])("ends where a newer commit makes it needless (%j)", (change) => {
    expect(decided({ record: record("queued", change), newer: "builds/newer" })).toEqual({
      type: "end",
      state: "cancelled",
      reason: "a newer commit is built: builds/newer",
    });
  });

  it.each(["success", "failure", "cancelled", "error"] as const)("and has ended: %s", (state) => {
    expect(decided({ record: record(state) })).toMatchObject({ type: "done" });
  });
});

describe("a job whose build was started", () => {
  const going = record("running", asked(1, "x:1"));

  it("waits while it is under way, superseded or not: the runner looks itself", () => {
    const build = { type: "under way" } as const;
    expect(decided({ record: going, build })).toMatchObject({ type: "wait", seconds: 300 });
    expect(decided({ record: going, build, newer: "builds/newer" })).toMatchObject({ type: "wait" });
  });

  it("is done when the build is and the record says the end", () => {
    const ended = record("failure", asked(1, "x:1"));
    expect(decided({ record: ended, build: { type: "succeeded" } })).toMatchObject({ type: "done" });
  });

  it("is started again when it failed, and when it left no result", () => {
    expect(decided({ record: going, build: FAILED })).toEqual({ type: "start", start: 2 });
    expect(decided({ record: going, build: { type: "succeeded" } })).toEqual({ type: "start", start: 2 });
  });

  it("ends when it failed too often, with the reasons", () => {
    const last = record("queued", { ...asked(MAX_STARTS, "x:3"), reason: "no room on the disk" });
    expect(decided({ record: last, build: FAILED })).toEqual({
      type: "end",
      state: "error",
      reason: `the pipeline could not build this commit in 3 attempts: ${FAILED.reason}; no room on the disk`,
    });
  });

  it("is not started again for a commit that a newer one replaced", () => {
    expect(decided({ record: going, build: FAILED, newer: "builds/newer" })).toMatchObject({
      type: "end",
      state: "cancelled",
    });
  });

  it.each(["success", "failure"] as const)("that died before it told its %s tells it again", (state) => {
    const ended = (start: number) => record(state, asked(start, "x:1"));
    expect(decided({ record: ended(1), build: FAILED })).toEqual({ type: "start", start: 2 });
    expect(decided({ record: ended(MAX_STARTS), build: FAILED })).toMatchObject({ type: "end", state });
  });

  it.each(["cancelled", "error"] as const)("that died before '%s' was told has it told here", (state) => {
    const ended = record(state, { ...asked(1, "x:1"), reason: "because" });
    expect(decided({ record: ended, build: FAILED })).toEqual({ type: "end", state, reason: "because" });
  });
});

describe("a message", () => {
  it("of an attempt that a later one left behind goes", () => {
    expect(decided({ record: record("queued", { attempt: 3 }) })).toMatchObject({ type: "done" });
  });

  it.each([undefined, record("queued", { attempt: 1 }), record("waiting")])(
    "whose record is not as dispatch leaves it waits a little, and not for ever",
    (unexpected) => {
      expect(decided({ record: unexpected, receives: 2 })).toMatchObject({ type: "wait" });
      expect(decided({ record: unexpected, receives: 3 })).toMatchObject({ type: "end", state: "error" });
    },
  );
});

it("waits longer and longer for room, so that a thousand times last for three days", () => {
  expect([1, 2, 3, 4, 5, 99].map(backoffSeconds)).toEqual([30, 60, 120, 240, 300, 300]);
  const seconds = Array.from({ length: 1000 }, (_, index) => backoffSeconds(index + 1));
  expect(seconds.reduce((sum, one) => sum + one) / 86_400).toBeGreaterThan(3);
});
