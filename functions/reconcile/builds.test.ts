import { describe, expect, it } from "vitest";
import { type BuildRecord, BuildState } from "../../contracts/build-record.ts";
import { planBuilds, type QueueSight, stuckBuilds } from "./builds.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const TIMES = { stillMs: 600_000, stuckMs: 3600_000 };
const COMMIT = "a".repeat(40);
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();

function record(changes: Partial<BuildRecord>, secondsAgo = 0): BuildRecord {
  return {
    id: `builds/board/${COMMIT}`,
    repository: "hypriot/board",
    kind: "image",
    commit: COMMIT,
    trigger: { type: "push", branch: "main" },
    architectures: ["arm64"],
    attempt: 2,
    state: "running",
    checkRun: 5,
    sentAt: at(secondsAgo),
    queuedAt: at(secondsAgo),
    updatedAt: at(secondsAgo),
    expiresAt: 1,
    ...changes,
  };
}

const busy: QueueSight = { empty: false, dead: new Set() };
const empty: QueueSight = { empty: true, dead: new Set() };
const dead: QueueSight = { empty: false, dead: new Set([`builds/board/${COMMIT}#2`]) };
const otherDead: QueueSight = { empty: false, dead: new Set([`builds/board/${COMMIT}#1`]) };

const acts = (build: BuildRecord, arm64: QueueSight = busy) =>
  planBuilds([build], { arm64 }, TIMES, NOW).map(({ do: what }) => what);

describe("planBuilds", () => {
  it.each(["queued", "running"] as const)(
    "ends a %s build that stands still and that nobody has",
    (state) => {
      const build = record({ state }, 601);
      expect(acts(build, empty)).toEqual(["end"]);
      expect(acts(build, dead)).toEqual(["end"]);
      expect(planBuilds([build], {}, TIMES, NOW)).toMatchObject([
        { do: "end", because: "there is no queue for arm64 any more" },
      ]);
    },
  );

  it("leaves alone what somebody may have", () => {
    expect(acts(record({}, 601), busy)).toEqual([]);
    expect(acts(record({}, 601), otherDead)).toEqual([]);
    expect(acts(record({}, 599), empty)).toEqual([]);
    // Whoever works on it says so, whatever became of its message.
    expect(acts(record({ updatedAt: at(10) }, 5000), dead)).toEqual([]);
  });

  it("ends what waited longer than its queue keeps it", () => {
    expect(acts(record({ state: "queued" }, 4 * 24 * 3600 + 1), busy)).toEqual(["end"]);
  });

  it("goes on where dispatch died, once that is sure", () => {
    const { sentAt: _, ...unsent } = record({ state: "queued" }, 61);
    expect(acts(unsent, empty)).toEqual(["resume"]);
    expect(acts({ ...unsent, updatedAt: at(59) }, empty)).toEqual([]);
    const { checkRun: __, ...untold } = record({ state: "waiting" }, 61);
    expect(acts(untold)).toEqual(["resume"]);
    expect(acts(record({ state: "waiting" }, 10_000))).toEqual([]);
  });

  it.each(["success", "failure", "cancelled", "error"] as const)(
    "tells of the end %s where nobody has",
    (state) => {
      expect(acts(record({ state }, 601))).toEqual(["tell"]);
      expect(acts(record({ state }, 599))).toEqual([]);
      expect(acts(record({ state, toldAt: at(600) }, 601))).toEqual([]);
    },
  );

  it("does at most one thing about a build, and nothing about one that was just changed", () => {
    for (const state of BuildState.options) {
      for (const sight of [busy, empty, dead]) {
        expect(acts(record({ state }), sight)).toEqual([]);
        expect(acts(record({ state }, 5 * 24 * 3600), sight).length).toBeLessThanOrEqual(1);
      }
    }
  });
});

it("counts what should have ended", () => {
  const builds = [
    record({}, 3601),
    record({ updatedAt: at(1) }, 3601),
    record({}, 3599),
    record({ state: "error" }, 9999),
  ];
  expect(stuckBuilds(builds, TIMES, NOW)).toBe(2);
});
