import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Git, Receiver, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
let contributor: Octokit;
let receiver: Receiver;
let git: Git;
const at = { owner: "hypriot", repo: "forked" };

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
  contributor = github.octokit(github.description.contributorToken);
  receiver = new Receiver();
  const config = { url: `http://hook.localhost:${await receiver.listen()}/`, content_type: "json" };
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  await octokit.rest.repos.createWebhook({ ...at, events: ["pull_request", "push"], config });
  git = await github.clone("hypriot/forked");
});

afterAll(async () => {
  receiver.close();
  await github.remove();
});

async function commit(file: string): Promise<string> {
  writeFileSync(join(git.folder, file), `${file}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

test("a pull request from a fork is told, moves along, and merges", async () => {
  const { data: fork } = await contributor.rest.repos.createFork(at);
  expect(fork).toMatchObject({ full_name: `contributor/${at.repo}`, fork: true });
  await git("remote", "add", "fork", github.cloneUrl(fork.full_name, github.description.contributorToken));
  const head = await commit("a.txt");
  await git("push", "--quiet", "fork", "main:topic");
  const opened = receiver.next("pull_request", { action: "opened" });
  await contributor.rest.pulls.create({ ...at, title: "Add a", head: "contributor:topic", base: "main" });
  expect(JSON.parse((await opened).body)).toMatchObject({
    action: "opened",
    number: 1,
    pull_request: {
      head: { sha: head, ref: "topic", repo: { full_name: fork.full_name, fork: true } },
      base: { ref: "main", repo: { full_name: `hypriot/${at.repo}` } },
      author_association: "NONE",
      changed_files: 1,
    },
    sender: { login: "contributor" },
  });
  const moved = receiver.next("pull_request", { action: "synchronize" });
  const next = await commit("b.txt");
  await git("push", "--quiet", "fork", "main:topic");
  expect(JSON.parse((await moved).body)).toMatchObject({
    action: "synchronize",
    before: head,
    after: next,
    pull_request: { commits: 2 },
  });
  await git("fetch", "--quiet", "origin", "refs/pull/1/head");
  expect(await git("rev-parse", "FETCH_HEAD")).toBe(next);
  const files = await octokit.rest.pulls.listFiles({ ...at, pull_number: 1 });
  expect(files.data.map(({ filename, status, patch }) => [filename, status, patch])).toEqual([
    ["a.txt", "added", "@@ -0,0 +1 @@\n+a.txt"],
    ["b.txt", "added", "@@ -0,0 +1 @@\n+b.txt"],
  ]);
  await expect(contributor.rest.pulls.merge({ ...at, pull_number: 1 })).rejects.toMatchObject({
    status: 403,
  });
  const closed = receiver.next("pull_request", { action: "closed" });
  const pushed = receiver.next("push", { ref: "refs/heads/main" });
  const { data: merged } = await octokit.rest.pulls.merge({ ...at, pull_number: 1 });
  expect(JSON.parse((await closed).body)).toMatchObject({
    action: "closed",
    pull_request: { merged: true, merge_commit_sha: merged.sha, merged_by: { login: "maintainer" } },
  });
  expect(JSON.parse((await pushed).body)).toMatchObject({ ref: "refs/heads/main", after: merged.sha });
});
