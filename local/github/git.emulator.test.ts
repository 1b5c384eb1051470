import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type gitIn, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
const owner = "hypriot";

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
});

afterAll(() => github.remove());

async function repository(name: string, options: { private?: boolean } = {}) {
  await octokit.rest.repos.createInOrg({ org: owner, name, auto_init: true, ...options });
  return { owner, repo: name };
}

async function commit(git: ReturnType<typeof gitIn>, file: string, text: string): Promise<string> {
  writeFileSync(join(git.folder, file), text);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: Error & { stderr?: string }) => error.stderr ?? error.message,
  );
}

describe("git and REST see the same", () => {
  test("what REST made is cloned with the same ids", async () => {
    const at = await repository("from-rest");
    const { data } = await octokit.rest.repos.createOrUpdateFileContents({
      ...at,
      path: "boards/rpi.json",
      message: "Add a board\n\nWith a body",
      content: Buffer.from("{}\n").toString("base64"),
    });
    const git = await github.clone("hypriot/from-rest");
    expect(await git("rev-parse", "HEAD")).toBe(data.commit.sha);
    expect(await git("rev-parse", "HEAD:boards/rpi.json")).toBe(data.content?.sha);
    expect(await git("fsck", "--strict")).toBe("");
  });

  test("a pushed branch, tag and history show over REST with the same ids", async () => {
    const at = await repository("from-git");
    const git = await github.clone("hypriot/from-git");
    await git("checkout", "--quiet", "-b", "feature/board");
    const first = await commit(git, "first.txt", "first\n");
    const second = await commit(git, "second.txt", "second\n");
    await git("tag", "-a", "v1.0.0", "-m", "First release");
    await git("tag", "light");
    await git("push", "--quiet", "origin", "feature/board", "v1.0.0", "light");

    const branch = await octokit.rest.repos.getBranch({ ...at, branch: "feature/board" });
    expect(branch.data.commit.sha).toBe(second);
    const commits = await octokit.rest.repos.listCommits({ ...at, sha: "feature/board" });
    expect(commits.data.map(({ sha }) => sha).slice(0, 2)).toEqual([second, first]);
    expect(commits.data[0]?.commit.message).toBe("Write second.txt");
    const tag = await octokit.rest.git.getRef({ ...at, ref: "tags/v1.0.0" });
    expect(tag.data.object).toMatchObject({ type: "tag", sha: await git("rev-parse", "v1.0.0") });
    const object = await octokit.rest.git.getTag({ ...at, tag_sha: tag.data.object.sha });
    expect(object.data).toMatchObject({ tag: "v1.0.0", message: "First release", object: { sha: second } });
    const tags = await octokit.rest.repos.listTags(at);
    expect(tags.data.map(({ name, commit: { sha } }) => [name, sha])).toEqual([
      ["v1.0.0", second],
      ["light", second],
    ]);
    const tree = await octokit.rest.git.getTree({ ...at, tree_sha: second, recursive: "1" });
    expect(tree.data.tree.map(({ path }) => path)).toEqual(["first.txt", "README.md", "second.txt"]);
    const file = await octokit.rest.repos.getContent({ ...at, path: "second.txt", ref: "feature/board" });
    expect(file.data).toMatchObject({ sha: await git("rev-parse", "HEAD:second.txt"), size: 7 });
    const compared = await octokit.rest.repos.compareCommitsWithBasehead({
      ...at,
      basehead: "main...feature/board",
    });
    expect(compared.data).toMatchObject({ ahead_by: 2, behind_by: 0, status: "ahead" });
    expect(compared.data.files?.map(({ filename }) => filename)).toEqual(["first.txt", "second.txt"]);
  });

  test("what REST writes after a push is fetched", async () => {
    const at = await repository("both-ways");
    const git = await github.clone("hypriot/both-ways");
    const pushed = await commit(git, "a.txt", "a\n");
    await git("push", "--quiet", "origin", "main");
    const { data: written } = await octokit.rest.repos.createOrUpdateFileContents({
      ...at,
      path: "b.txt",
      message: "Add b",
      content: Buffer.from("b\n").toString("base64"),
    });
    await git("pull", "--quiet");
    expect(await git("rev-parse", "HEAD")).toBe(written.commit.sha);
    expect(await git("rev-parse", "HEAD^")).toBe(pushed);

    const { data: tree } = await octokit.rest.git.createTree({
      ...at,
      base_tree: await git("rev-parse", "HEAD^{tree}"),
      tree: [{ path: "deep/er/c.txt", mode: "100644", type: "blob", content: "c\n" }],
    });
    const { data: made } = await octokit.rest.git.createCommit({
      ...at,
      message: "Add c",
      tree: tree.sha,
      parents: [written.commit.sha ?? ""],
      author: { name: "Zoë", email: "zoe@localhost", date: "2026-01-02T03:04:05+02:00" },
    });
    await octokit.rest.git.createRef({ ...at, ref: "refs/heads/data", sha: made.sha });
    const { data: tag } = await octokit.rest.git.createTag({
      ...at,
      tag: "v2",
      message: "Two",
      object: made.sha,
      type: "commit",
    });
    await octokit.rest.git.createRef({ ...at, ref: "refs/tags/v2", sha: tag.sha });
    await git("fetch", "--quiet", "--tags", "origin");
    expect(await git("rev-parse", "origin/data")).toBe(made.sha);
    expect(await git("log", "-1", "--format=%an %aI", "origin/data")).toBe("Zoë 2026-01-02T03:04:05+02:00");
    expect(await git("rev-parse", "v2", "v2^{commit}")).toBe(`${tag.sha}\n${made.sha}`);
    await octokit.rest.git.deleteRef({ ...at, ref: "heads/data" });
    await git("fetch", "--quiet", "--prune", "origin");
    expect(await git("branch", "-r")).not.toContain("origin/data");
    expect(await git("fsck", "--strict")).not.toContain("error");
  });

  test("a force push and a deletion show", async () => {
    const at = await repository("rewritten");
    const git = await github.clone("hypriot/rewritten");
    await git("checkout", "--quiet", "-b", "topic");
    await commit(git, "a.txt", "one\n");
    await git("push", "--quiet", "origin", "topic");
    await git("reset", "--quiet", "--hard", "HEAD^");
    const other = await commit(git, "a.txt", "other\n");
    expect(await failure(git("push", "--quiet", "origin", "topic"))).toContain("rejected");
    await git("push", "--quiet", "--force", "origin", "topic");
    expect((await octokit.rest.repos.getBranch({ ...at, branch: "topic" })).data.commit.sha).toBe(other);
    await git("push", "--quiet", "origin", "--delete", "topic");
    await expect(octokit.rest.repos.getBranch({ ...at, branch: "topic" })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("an empty repository takes its first push", async () => {
    await octokit.rest.repos.createInOrg({ org: owner, name: "empty" });
    const git = await github.clone("hypriot/empty");
    await git("checkout", "--quiet", "-b", "main");
    const first = await commit(git, "a.txt", "a\n");
    await git("push", "--quiet", "origin", "main");
    const { data } = await octokit.rest.repos.listCommits({ owner, repo: "empty" });
    expect(data.map(({ sha }) => sha)).toEqual([first]);
  });

  test("a large blob streams through, and REST gives its bytes", async () => {
    await repository("large");
    const git = await github.clone("hypriot/large");
    // Bytes that do not compress, the same at each run.
    const bytes = Buffer.alloc(12_000_000);
    for (let at = 0, value = 1; at < bytes.length; at++) {
      value = (value * 1103515245 + 12345) & 0x7fffffff;
      bytes[at] = value >> 16;
    }
    writeFileSync(join(git.folder, "image.bin"), bytes);
    await git("add", ".");
    await git("commit", "--quiet", "-m", "Add an image");
    await git("push", "--quiet", "origin", "main");
    const { data } = await octokit.rest.repos.getContent({
      owner,
      repo: "large",
      path: "image.bin",
      mediaType: { format: "raw" },
      request: { parseSuccessResponseBody: false },
    });
    const stream: unknown = data;
    const got = Buffer.from(await new Response(stream as ReadableStream).arrayBuffer());
    expect(got.equals(bytes)).toBe(true);
    expect(statSync(join(github.folder, "state", "store", "journal.jsonl")).size).toBeLessThan(1_000_000);
  });
});
