import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeCommit,
  decodeTag,
  decodeTree,
  encodeCommit,
  encodeTag,
  encodeTree,
  identityDate,
  objectId,
} from "./objects.ts";

describe("ids are git's", () => {
  test("a blob", () => {
    expect(objectId("blob", Buffer.from("hi\n"))).toBe("45b983be36b73c0788dc9cbcb76cbb80fc7bb057");
  });

  test("the empty tree", () => {
    expect(objectId("tree", encodeTree([]))).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  });

  test("a commit, as `git commit-tree` makes it", () => {
    const commit = encodeCommit({
      tree_sha: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
      parent_shas: [],
      author_name: "A",
      author_email: "a@x",
      author_date: "1970-01-01T00:00:00Z",
      committer_name: "A",
      committer_email: "a@x",
      committer_date: "1970-01-01T02:00:00+02:00",
      message: "m",
    });
    expect(commit.toString()).toBe(
      "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 0 +0000\ncommitter A <a@x> 0 +0200\n\nm\n",
    );
  });
});

test("a directory sorts as if its name ended in a slash", () => {
  const entry = (path: string, type: "blob" | "tree") => ({
    path,
    type,
    mode: type === "tree" ? "040000" : "100644",
    sha: "0".repeat(40),
  });
  const entries = [entry("a", "tree"), entry("a.b", "blob"), entry("a0", "blob")];
  expect(decodeTree(encodeTree(entries)).map(({ path }) => path)).toEqual(["a.b", "a", "a0"]);
});

test("a date keeps its offset, and what is none is refused", () => {
  expect(identityDate("2026-01-02T03:04:05-0330")).toBe("1767335645 -0330");
  expect(() => identityDate("yesterday")).toThrow("yesterday is no ISO 8601 date");
});

const sha = fc.stringMatching(/^[0-9a-f]{40}$/);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 .äß-]{0,20}[a-z]$/);
const email = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}$/);
const date = fc
  .integer({ min: 0, max: 4_000_000_000 })
  .map((seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));
const message = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 \nü:]{0,80}[a-z]$/);

test("what is encoded decodes to the same", () => {
  fc.assert(
    fc.property(
      sha,
      fc.array(sha, { maxLength: 3 }),
      name,
      email,
      date,
      message,
      (tree_sha, parent_shas, who, mail, when, text) => {
        const commit = {
          tree_sha,
          parent_shas,
          message: text,
          author_name: who,
          author_email: mail,
          author_date: when,
          committer_name: who,
          committer_email: mail,
          committer_date: when,
        };
        expect(decodeCommit(encodeCommit(commit))).toEqual(commit);
        const tag = {
          object_sha: tree_sha,
          object_type: "commit",
          tag: "v1",
          tagger_name: who,
          tagger_email: mail,
          tagger_date: when,
          message: text,
        };
        expect(decodeTag(encodeTag(tag))).toEqual(tag);
      },
    ),
  );
});

test("a signed commit decodes to its message", () => {
  const text =
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 0 +0000\ncommitter A <a@x> 0 +0000\ngpgsig -----BEGIN\n \n tree no\n -----END\n\nSigned\n";
  expect(decodeCommit(Buffer.from(text))).toMatchObject({
    message: "Signed",
    tree_sha: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    parent_shas: [],
  });
});
