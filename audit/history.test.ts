import { describe, expect, it } from "vitest";
import { readHistory, renderHistory } from "./history.ts";

const up = {
  version: 0,
  kind: "update",
  startTime: "2026-11-24T18:40:01.000Z",
  endTime: "2026-11-24T18:40:13.000Z",
  message: "Add the Orange Pi PC",
  environment: {
    "git.head": "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c",
    "git.author": "Jane Doe",
    "git.author.email": "jane@localhost",
    "git.dirty": "false",
    "ci.system": "GitHub Actions",
    "ci.build.url": "https://github.com/hypriot/pipeline/actions/runs/1",
  },
  config: {
    "hypriotos:githubApp": { value: "[secret]", secret: true },
    "a:token": { value: "hunter2", secret: false },
  },
  result: "succeeded",
  resourceChanges: {
    create: 8,
    update: 2,
    same: 1141,
    "create-replacement": 1,
    "delete-replaced": 1,
    replace: 1,
  },
};
const history = (...updates: object[]) => readHistory(JSON.stringify(updates));
const text = (...updates: object[]) => renderHistory("production", history(...updates));

describe("the history", () => {
  it("says when, what, how it ended, what it touched, and what was checked out by whom", () => {
    expect(text(up)).toBe(
      [
        "Stack production, the newest first:",
        "",
        "2026-11-24 18:40 UTC  up succeeded in 12 s: 8 created, 2 updated, 1 replaced, 1,141 resources as they were.",
        "  commit 1f2e3d4c5b6a by Jane Doe: Add the Orange Pi PC",
        "  run by GitHub Actions, https://github.com/hypriot/pipeline/actions/runs/1",
        "",
      ].join("\n"),
    );
  });

  it("takes no configuration, of which some is secret", () => {
    const taken = JSON.stringify(history(up));
    expect(taken).not.toMatch(/hunter2|secret|githubApp|jane@/);
  });

  it("says that something was not committed, and of one that runs that it runs", () => {
    const { endTime: _, resourceChanges: __, ...running } = up;
    const dirty = {
      ...running,
      result: "in-progress",
      environment: { "git.head": "ab", "git.dirty": "true" },
    };
    expect(text(dirty)).toContain("up in-progress: no changes.");
    expect(text(dirty)).toContain("  commit ab with changes that were not committed: Add the Orange Pi PC");
  });

  it.each([
    ["destroy", "down"],
    ["resource-import", "import"],
    ["refresh", "refresh"],
    ["rename", "rename"],
  ])("calls %s %s", (kind, what) => {
    expect(history({ ...up, kind })[0]?.what).toBe(what);
  });

  it("is one line for each thing, whatever a commit's author and subject are", () => {
    const [entry] = history({
      ...up,
      message: "Line\n\u001b[2Jtwo\u202e",
      environment: { "git.author": "A\nB\u0007" },
    });
    expect([entry?.message, entry?.author]).toEqual(["Line ␛[2Jtwo<U+202E>", "A B␇"]);
  });

  it("has nothing of a stack to which nothing was done", () => {
    expect(renderHistory("local", readHistory("[]"))).toBe("Stack local: nothing was ever done.\n");
    expect(text({ ...up, environment: null, message: "" }).split("\n")).toHaveLength(4);
  });

  it("names what is of another form", () => {
    expect(() => readHistory("no")).toThrow("found no JSON");
    expect(() => history({ ...up, startTime: "yesterday" })).toThrow("0.startTime: ");
  });
});
