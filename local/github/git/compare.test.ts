import { expect, test } from "vitest";
import { parseDiff, splitPatches } from "./compare.ts";

const [a, b, none] = ["a".repeat(40), "b".repeat(40), "0".repeat(40)];

test("a diff is read with renames, binary files and any name", () => {
  const raw = [
    `:000000 100644 ${none} ${a} A`,
    "new\tfile\n",
    `:100644 000000 ${b} ${none} D`,
    "gone",
    `:100644 100644 ${a} ${b} M`,
    "image.bin",
    `:100644 100644 ${a} ${b} R090`,
    "old",
    "moved",
  ];
  const counts = ["3\t0\tnew\tfile\n", "0\t7\tgone", "-\t-\timage.bin", "1\t2\t", "old", "moved"];
  expect(parseDiff([...raw, ...counts, ""].join("\0"))).toEqual([
    { filename: "new\tfile\n", status: "added", sha: a, additions: 3, deletions: 0 },
    { filename: "gone", status: "removed", sha: b, additions: 0, deletions: 7 },
    { filename: "image.bin", status: "modified", sha: b, additions: 0, deletions: 0 },
    { filename: "moved", previous_filename: "old", status: "renamed", sha: b, additions: 1, deletions: 2 },
  ]);
  expect(parseDiff("")).toEqual([]);
});

test("patches go to their files, binary files have none", () => {
  const text = [
    "diff --git a/a b/a",
    "index 1..2 100644",
    "--- a/a",
    "+++ b/a",
    "@@ -1 +1 @@",
    "-x",
    "+y",
    "diff --git a/image.bin b/image.bin",
    "Binary files differ",
    "diff --git a/c b/c",
    "--- a/c",
    "+++ b/c",
    "@@ -0,0 +1 @@",
    "+c",
    "",
  ].join("\n");
  const files = ["a", "image.bin", "c"].map((filename) => ({ filename }));
  expect([...splitPatches(text, files)]).toEqual([
    ["a", "@@ -1 +1 @@\n-x\n+y"],
    ["c", "@@ -0,0 +1 @@\n+c"],
  ]);
});
