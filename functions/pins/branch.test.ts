import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type BranchCommit, blobId, type Difference, holds, isOwn, parentsOf } from "./branch.ts";

const LOGIN = "hypriotos-pipeline[bot]";
const BOT = `41898282+${LOGIN}@users.noreply.github.com`;
const own: BranchCommit = { authorEmail: BOT, committerEmail: BOT, parents: 1 };
const text = '{ "version": 1, "rootfs": {} }\n';

const difference = (change: Partial<Difference> = {}): Difference => ({
  commits: [own],
  total: 1,
  behind: 0,
  files: [{ path: "versions.json", blob: blobId(text) }],
  ...change,
});

it("knows a file as git does", () => {
  const id = execFileSync("git", ["hash-object", "--stdin"], { input: "ä\n" });
  expect(blobId("ä\n")).toBe(String(id).trim());
});

describe("isOwn", () => {
  it.each([
    ["the App's commits", [own]],
    ["the App's, signed by GitHub", [{ ...own, committerEmail: "noreply@github.com" }]],
    [
      "a merge of the default branch by anybody",
      [own, { authorEmail: "a@b", committerEmail: "a@b", parents: 2 }],
    ],
  ])("is true for %s", (_, commits) => {
    expect(isOwn(difference({ commits, total: commits.length }), LOGIN)).toBe(true);
  });

  it.each([
    [
      "somebody's change of versions.json",
      { commits: [{ ...own, authorEmail: "a@b", committerEmail: "a@b" }] },
    ],
    ["the App's commit that somebody amended", { commits: [{ ...own, committerEmail: "a@b" }] }],
    [
      "somebody's change on GitHub's pages",
      {
        commits: [
          {
            ...own,
            authorEmail: "1+somebody@users.noreply.github.com",
            committerEmail: "noreply@github.com",
          },
        ],
      },
    ],
    ["an address that only ends like the App's", { commits: [{ ...own, authorEmail: `x${BOT.slice(8)}` }] }],
    ["another file", { files: [{ path: "packages.txt", blob: "0" }] }],
    ["more commits than were looked at", { total: 2 }],
  ])("is false for %s", (_, change) => {
    expect(isOwn(difference(change), LOGIN)).toBe(false);
  });
});

it("finds the same content on a branch, and no other", () => {
  expect(holds(difference(), text)).toBe(true);
  expect(holds(difference(), `${text}\n`)).toBe(false);
  expect(holds(difference({ files: [] }), text)).toBe(false);
});

it("moves a branch on from where it is, and from the default branch", () => {
  expect(parentsOf(undefined, "main")).toEqual(["main"]);
  expect(parentsOf({ tip: "tip", difference: difference() }, "main")).toEqual(["tip"]);
  expect(parentsOf({ tip: "tip", difference: difference({ behind: 1 }) }, "main")).toEqual(["tip", "main"]);
  expect(parentsOf({ tip: "tip", difference: difference({ total: 0, behind: 1 }) }, "main")).toEqual([
    "main",
  ]);
});
