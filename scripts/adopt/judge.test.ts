import { describe, expect, it } from "vitest";
import type { ExistingRepository } from "./github.ts";
import { judge, type PlannedRepository, type Settings } from "./judge.ts";
import { strangers } from "./planned.ts";

const planned: PlannedRepository = {
  entry: "boards.raspberry-pi",
  repository: "image-builder-rpi",
  adopt: true,
  files: new Map([
    ["board.json", "{}\n"],
    ["release-key.pem", undefined],
  ]),
};

const settings: Settings = {
  organization: "hypriot",
  visibility: "public",
  teams: { maintainers: "maintain", porters: "push" },
  rulesets: ["protect main", "protect tags v*"],
};

const existing: ExistingRepository = {
  fullName: "hypriot/image-builder-rpi",
  archived: false,
  visibility: "public",
  defaultBranch: "main",
  open: 12,
  releases: 3,
  labels: ["bug"],
  files: new Map(),
  rulesets: [],
  blockers: [],
  protection: undefined,
  hooks: [],
  teams: new Map([["porters", "push"]]),
};

const refusals = (change: Partial<ExistingRepository>, own: Partial<PlannedRepository> = {}) =>
  judge({ ...planned, ...own }, { ...existing, ...change }, settings).refusals;

describe("judge", () => {
  it("lets a repository be taken over that is as it must be", () => {
    const verdict = judge(planned, existing, settings);
    expect(verdict.refusals).toEqual([]);
    expect(verdict.changes).toEqual([
      "board.json: added by a commit",
      "release-key.pem: added by a commit",
      "team maintainers: no access of its own → maintain",
    ]);
    expect(verdict.keeps).toContain("12 open issues and pull requests, and all that are closed");
  });

  it("tells of a file that is replaced, not of one that is the same", () => {
    const files = new Map([
      ["board.json", "{}\n"],
      ["release-key.pem", "theirs"],
    ]);
    expect(judge(planned, { ...existing, files }, settings).changes).toContain(
      "release-key.pem: exists, and is replaced by a commit",
    );
    expect(judge(planned, { ...existing, files }, settings).changes.join()).not.toContain("board.json");
  });

  it.each<[string, Partial<ExistingRepository>, string]>([
    ["another default branch", { defaultBranch: "master" }, "branches/master/rename -f new_name=main"],
    ["an archived one", { archived: true }, "gh repo unarchive hypriot/image-builder-rpi"],
    [
      "one that would be shown to everybody",
      { visibility: "private" },
      "would become public, and is private",
    ],
    [
      "one that was renamed",
      { fullName: "hypriot/image-builder-raspi" },
      "hypriot/image-builder-raspi by now",
    ],
    [
      "rules that the App may not pass",
      { blockers: [{ ruleset: "ours", rule: "pull_request" }] },
      "ruleset ours",
    ],
    ["a protection that the App may not pass", { protection: ["checks"] }, "wants checks"],
    ["a label of the program's", { labels: ["Ok-To-Build"] }, "label ok-to-build exists"],
    ["a ruleset of the program's name", { rulesets: ["protect main"] }, 'called "protect main" already'],
  ])("refuses %s, and says the way", (_what, change, reason) => {
    const found = refusals(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  it("lets a protection be that asks nothing of the App", () => {
    expect(refusals({ protection: [] })).toEqual([]);
  });

  it("refuses one that nobody said is to be taken over, and a missing one that is", () => {
    expect(refusals({}, { adopt: false })[0]).toContain("give hypriotos:boards.raspberry-pi `adopt: true`");
    expect(refusals({}, { adopt: false, entry: undefined })[0]).toContain("own template has this name");
    expect(judge(planned, undefined, settings).refusals[0]).toContain("no hypriot/image-builder-rpi");
    expect(judge({ ...planned, adopt: false }, undefined, settings).refusals).toEqual([]);
  });
});

it("finds what looks like an image builder and no entry names", () => {
  const names = ["image-builder-rpi", "Image-Builder-ODROID-C2", "os-rootfs", "rpi-kernel", "website"];
  expect(strangers(names, [planned])).toEqual(["Image-Builder-ODROID-C2", "os-rootfs", "rpi-kernel"]);
});
