import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Git, Receiver, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
let contributor: Octokit;
let app: Octokit;
let receiver: Receiver;
let port: number;
let git: Git;
let at: { owner: string; repo: string };
let count = 0;

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
  contributor = github.octokit(github.description.contributorToken);
  receiver = new Receiver();
  port = await receiver.listen();
  app = github.octokit(await github.appToken());
});

afterAll(async () => {
  receiver.close();
  await github.remove();
});

beforeEach(async () => {
  at = { owner: "hypriot", repo: `pulls-${++count}` };
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  git = await github.clone(`hypriot/${at.repo}`);
  const config = { url: `http://hook.localhost:${port}/`, content_type: "json" };
  await octokit.rest.repos.createWebhook({ ...at, events: ["pull_request", "push"], config });
});

async function commit(file: string, text = `${file}\n`): Promise<string> {
  writeFileSync(join(git.folder, file), text);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

/** A branch `topic` with one new file, while the base goes on. */
async function diverged(): Promise<{ head: string; base: string; pull_number: number }> {
  await git("checkout", "--quiet", "-b", "topic");
  const head = await commit("topic.txt");
  await git("checkout", "--quiet", "main");
  const base = await commit("base.txt");
  await git("push", "--quiet", "origin", "topic", "main");
  const { data } = await octokit.rest.pulls.create({
    ...at,
    title: "Add topic",
    body: "Why",
    head: "topic",
    base: "main",
  });
  return { head, base, pull_number: data.number };
}

async function fetched(sha: string | null, format: string): Promise<string> {
  await git("fetch", "--quiet", "origin");
  return git("log", "-1", `--format=${format}`, sha ?? "");
}

test("a merge has both sides, a squash one parent", async () => {
  const first = await diverged();
  const { data: merged } = await octokit.rest.pulls.merge({ ...at, pull_number: first.pull_number });
  expect(await fetched(merged.sha, "%P|%s|%b")).toBe(
    `${first.base} ${first.head}|Merge pull request #1 from hypriot/topic|Add topic`,
  );
  expect(await git("ls-tree", "--name-only", merged.sha)).toBe("README.md\nbase.txt\ntopic.txt");

  await git("reset", "--quiet", "--hard", "origin/main");
  await git("checkout", "--quiet", "-b", "second");
  await commit("second.txt");
  await git("push", "--quiet", "origin", "second");
  const { data: pull } = await octokit.rest.pulls.create({
    ...at,
    title: "Second",
    body: "Why",
    head: "second",
    base: "main",
  });
  const { data: squashed } = await octokit.rest.pulls.merge({
    ...at,
    pull_number: pull.number,
    merge_method: "squash",
  });
  expect(await fetched(squashed.sha, "%P|%s|%b")).toBe(`${merged.sha}|Second (#2)|Why`);
});

test("a conflict, a stale head and a forbidden method are refused, and nothing moves", async () => {
  await git("checkout", "--quiet", "-b", "topic");
  await commit("same.txt", "topic\n");
  await git("checkout", "--quiet", "main");
  const base = await commit("same.txt", "base\n");
  await git("push", "--quiet", "origin", "topic", "main");
  const { data: pull } = await octokit.rest.pulls.create({
    ...at,
    title: "Conflict",
    head: "topic",
    base: "main",
  });
  expect(pull).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  const merge = (more: object) => octokit.rest.pulls.merge({ ...at, pull_number: pull.number, ...more });
  await expect(merge({})).rejects.toMatchObject({ status: 405 });
  await expect(merge({ sha: base })).rejects.toMatchObject({ status: 409 });
  await octokit.rest.repos.update({ ...at, allow_squash_merge: false });
  await expect(merge({ merge_method: "squash" })).rejects.toMatchObject({ status: 405 });
  expect((await octokit.rest.repos.getBranch({ ...at, branch: "main" })).data.commit.sha).toBe(base);
});

test("what the rules ask for decides: the App's check, a review", async () => {
  const { head, pull_number } = await diverged();
  await octokit.rest.repos.createRepoRuleset({
    ...at,
    name: "main",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [
      {
        type: "pull_request",
        parameters: {
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "build", integration_id: github.description.app.id }],
        },
      },
    ],
  });
  const merge = () => octokit.rest.pulls.merge({ ...at, pull_number });
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining("At least 1 approving review"),
  });
  // A status of the same name by a person is not the App's check.
  await octokit.rest.repos.createCommitStatus({ ...at, sha: head, context: "build", state: "success" });
  await expect(merge()).rejects.toMatchObject({
    message: expect.stringContaining('Required status check "build" is expected.'),
  });
  await app.rest.checks.create({
    ...at,
    name: "build",
    head_sha: head,
    status: "completed",
    conclusion: "success",
  });
  // The author's own approval and that of somebody without write access do not count.
  for (const reviewer of [octokit, contributor]) {
    await reviewer.rest.pulls.createReview({ ...at, pull_number, event: "APPROVE" }).catch(() => undefined);
  }
  await expect(merge()).rejects.toMatchObject({ message: expect.not.stringContaining("build") });
  await octokit.rest.repos.addCollaborator({ ...at, username: "contributor", permission: "push" });
  expect((await merge()).data.merged).toBe(true);
  expect((await octokit.rest.pulls.get({ ...at, pull_number })).data).toMatchObject({
    merged: true,
    state: "closed",
  });
});

test("a protected head branch stays after a merge that would delete it", async () => {
  const { pull_number, head } = await diverged();
  await octokit.rest.repos.update({ ...at, delete_branch_on_merge: true });
  await octokit.rest.repos.createRepoRuleset({
    ...at,
    name: "all",
    enforcement: "active",
    conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
    rules: [{ type: "deletion" }],
  });
  expect((await octokit.rest.pulls.merge({ ...at, pull_number })).data.merged).toBe(true);
  expect((await octokit.rest.repos.getBranch({ ...at, branch: "topic" })).data.commit.sha).toBe(head);
});

test("a pull request that cannot be is not opened", async () => {
  const open = (head: string, base = "main") => octokit.rest.pulls.create({ ...at, title: "x", head, base });
  await expect(open("none")).rejects.toMatchObject({ status: 422 });
  await expect(open("main")).rejects.toMatchObject({ status: 422 });
  const { pull_number } = await diverged();
  await expect(open("topic", "none")).rejects.toMatchObject({ status: 422 });
  await expect(open("topic")).rejects.toMatchObject({ status: 422 });
  const branches = await octokit.rest.repos.listBranches(at);
  expect(branches.data.map(({ name }) => name)).toEqual(["main", "topic"]);
  expect(pull_number).toBe(1);
});

test("a label on a pull request is told as GitHub does, also where issues are switched off", async () => {
  const { pull_number } = await diverged();
  await octokit.rest.repos.update({ ...at, has_issues: false });
  const labeled = receiver.next("pull_request", { action: "labeled" });
  const issue = { ...at, issue_number: pull_number };
  await octokit.rest.issues.createLabel({ ...at, name: "build: approved", color: "0e8a16" });
  const added = await octokit.rest.issues.addLabels({ ...issue, labels: ["build: approved"] });
  expect(added.data).toMatchObject([{ name: "build: approved", color: "0e8a16" }]);
  expect(JSON.parse((await labeled).body)).toMatchObject({
    action: "labeled",
    number: pull_number,
    label: { name: "build: approved" },
    pull_request: { labels: [{ name: "build: approved" }] },
    sender: { login: "maintainer" },
  });
  await expect(contributor.rest.issues.addLabels({ ...issue, labels: ["own"] })).rejects.toMatchObject({
    status: 403,
  });
  const unlabeled = receiver.next("pull_request", { action: "unlabeled" });
  await octokit.rest.issues.removeLabel({ ...issue, name: "build: approved" });
  expect(JSON.parse((await unlabeled).body)).toMatchObject({
    action: "unlabeled",
    pull_request: { labels: [] },
  });
  expect((await octokit.rest.issues.listLabelsOnIssue(issue)).data).toEqual([]);
});
