import { expect, it } from "vitest";
import { lastRun, newestBuilds, renderBuilds, renderRun } from "./builds.ts";

const build = {
  id: "builds/os-rootfs/0",
  repository: "hypriot/os-rootfs",
  kind: "rootfs",
  commit: "0123456789abcdef0123456789abcdef01234567",
  trigger: { type: "push", branch: "main" },
  architectures: ["arm64"],
  attempt: 1,
  state: "running",
  checkRun: 7,
  delivery: "0b3d6f0e",
  queuedAt: "2026-11-24T10:00:00.000Z",
  updatedAt: "2026-11-24T10:00:05.000Z",
  expiresAt: 1,
} as const;

it("shows the newest ten builds, and no lineage", () => {
  const items = Array.from({ length: 12 }, (_, index) => ({
    ...build,
    id: `builds/os-rootfs/${index}`,
    queuedAt: `2026-11-24T10:00:${String(index).padStart(2, "0")}.000Z`,
  }));
  const lineage = { id: "latest/os-rootfs/branch/fix", build: "builds/os-rootfs/1", order: 1 };
  expect(newestBuilds([...items, lineage]).map(({ id }) => id)).toEqual(
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => `builds/os-rootfs/${index}`),
  );
});

it("says state, repository, branch, pull request or tag, commit, time and reason", () => {
  expect(
    renderBuilds([
      { ...build, architectures: ["arm64"] },
      {
        ...build,
        architectures: ["arm64"],
        repository: "hypriot/image-builder-rpi",
        trigger: { type: "pull-request", number: 3 },
        state: "failure",
        reason: "2 of 466 examples failed",
      },
    ]),
  ).toEqual([
    "running  os-rootfs          main  0123456789ab  2026-11-24T10:00:05Z",
    "failure  image-builder-rpi  #3    0123456789ab  2026-11-24T10:00:05Z  2 of 466 examples failed",
  ]);
});

it("the last run of reconcile is found among the rows, and told in one line", () => {
  const summary = {
    at: "2026-11-24T12:00:00.000Z",
    done: { redeliver: 2 },
    failed: 0,
    needless: 1,
    left: 0,
    undelivered: 0,
    stuck: 3,
    unpublished: 0,
  };
  const rows = [
    { id: "reconcile/hook/board", lookFrom: 1 },
    { id: "reconcile/last-run", summary },
  ];
  expect(lastRun(rows)).toEqual(summary);
  expect(lastRun([])).toBeUndefined();
  expect(renderRun(summary)).toBe("reconcile: 2026-11-24T12:00:00Z, 2 redeliver, 3 stuck");
  expect(renderRun({ ...summary, done: {}, stuck: 0 })).toBe(
    "reconcile: 2026-11-24T12:00:00Z, nothing to do",
  );
});
