import { expect, test } from "vitest";
import type { Repository } from "../host/rows.ts";
import { parseLog, pushPayload, refPayload } from "./payload.ts";

const repository = {
  id: 1,
  full_name: "hypriot/board",
  default_branch: "main",
  description: null,
  created_at: "2026-01-01T00:00:00Z",
  pushed_at: "2026-01-01T00:00:01Z",
} as Repository;
const parties = {
  baseUrl: "http://github",
  repository,
  shown: { full_name: "hypriot/board" },
  sender: { login: "maintainer" },
  pusher: { login: "maintainer", email: "maintainer@localhost" },
  loginOf: (email: string) => (email === "m@x" ? "maintainer" : undefined),
};

const log =
  "\x01c1\0t1\0Mä\0m@x\0C\0c@x\x002026-01-01T00:00:00+02:00\0Subject\n\nBody\n\0" +
  "\nA\0new file\0M\0changed\0D\0gone\0T\0link\0" +
  "\x01c2\0t2\0M\0m@x\0C\0c@x\x002026-01-01T00:00:00Z\0Empty\n\0";

test("a log is read with names of any kind", () => {
  expect(parseLog(log)).toEqual([
    {
      id: "c1",
      tree: "t1",
      authorName: "Mä",
      authorEmail: "m@x",
      committerName: "C",
      committerEmail: "c@x",
      timestamp: "2026-01-01T00:00:00+02:00",
      message: "Subject\n\nBody",
      added: ["new file"],
      removed: ["gone"],
      modified: ["changed", "link"],
    },
    expect.objectContaining({ id: "c2", message: "Empty", added: [], removed: [], modified: [] }),
  ]);
});

const [commit] = parseLog(log);

test("a push has GitHub's fields", () => {
  const before = "1".repeat(40);
  const after = "2".repeat(40);
  const payload = pushPayload(
    {
      ref: "refs/heads/main",
      before,
      after,
      forced: true,
      head: commit,
      commits: commit === undefined ? [] : [commit],
    },
    parties,
  );
  expect(payload).toEqual({
    ref: "refs/heads/main",
    before,
    after,
    repository: {
      full_name: "hypriot/board",
      created_at: 1767225600,
      pushed_at: 1767225601,
      master_branch: "main",
    },
    pusher: { name: "maintainer", email: "maintainer@localhost" },
    sender: { login: "maintainer" },
    created: false,
    deleted: false,
    forced: true,
    base_ref: null,
    compare: "http://github/hypriot/board/compare/111111111111...222222222222",
    commits: [payload.head_commit],
    head_commit: {
      id: "c1",
      tree_id: "t1",
      distinct: true,
      message: "Subject\n\nBody",
      timestamp: "2026-01-01T00:00:00+02:00",
      url: "http://github/hypriot/board/commit/c1",
      author: { name: "Mä", email: "m@x", username: "maintainer" },
      committer: { name: "C", email: "c@x" },
      added: ["new file"],
      removed: ["gone"],
      modified: ["changed", "link"],
    },
  });
});

test("a deleted branch has zeros after, a new one before", () => {
  const sha = "3".repeat(40);
  const gone = pushPayload(
    { ref: "refs/heads/x", before: sha, after: undefined, forced: false, head: undefined, commits: [] },
    parties,
  );
  expect(gone).toMatchObject({
    before: sha,
    after: "0".repeat(40),
    deleted: true,
    created: false,
    head_commit: null,
    commits: [],
  });
  const fresh = pushPayload(
    { ref: "refs/heads/x", before: undefined, after: sha, forced: false, head: commit, commits: [] },
    parties,
  );
  expect(fresh).toMatchObject({
    before: "0".repeat(40),
    created: true,
    compare: "http://github/hypriot/board/commit/333333333333",
  });
});

test("create and delete name the ref without its kind", () => {
  expect(refPayload("refs/tags/v1/x", parties, true)).toMatchObject({
    ref: "v1/x",
    ref_type: "tag",
    master_branch: "main",
  });
  expect(refPayload("refs/heads/a/b", parties, false)).toEqual({
    ref: "a/b",
    ref_type: "branch",
    pusher_type: "user",
    repository: parties.shown,
    sender: parties.sender,
  });
});
