import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { APPROVAL_LABEL } from "../../contracts/labels.ts";
import type { Git } from "../../local/github/tests/harness.ts";
import { Stand } from "./testing/stand.ts";

const at = { owner: "hypriot", repo: "forked" };

let stand: Stand;
let contributor: Octokit;
let git: Git;
let number: number;

beforeAll(async () => {
  stand = await Stand.start();
  await stand.repository("forked");
  const { contributorToken } = stand.github.description;
  contributor = stand.github.octokit(contributorToken);
  await contributor.rest.repos.createFork(at);
  git = await stand.github.clone("contributor/forked", contributorToken);
});
afterAll(() => stand.stop());

async function commit(): Promise<string> {
  writeFileSync(join(git.folder, "packages.txt"), `${Math.random()}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Change");
  return git("rev-parse", "HEAD");
}

/** Does something, and gives dispatch's answer to the pull request's delivery that it causes. */
async function answerTo(act: () => Promise<unknown>, did?: string) {
  const from = stand.answers.length;
  await act();
  return stand.answered((event, body) => {
    const done = Array.isArray(body.done) ? body.done : [];
    return event === "pull_request" && (did === undefined || done.some((step) => step.did === did));
  }, from);
}

async function labels(): Promise<string[]> {
  const { data } = await stand.octokit.rest.issues.listLabelsOnIssue({ ...at, issue_number: number });
  return data.map(({ name }) => name);
}

const addLabel = (octokit: Octokit) =>
  octokit.rest.issues.addLabels({ ...at, issue_number: number, labels: [APPROVAL_LABEL] });

describe("a pull request from a stranger's fork", () => {
  let first: string;
  let second: string;

  it("waits, and its check run says what for", async () => {
    first = await commit();
    await git("push", "--quiet", "origin", "HEAD:change");
    const { status, body } = await answerTo(async () => {
      const opened = await contributor.rest.pulls.create({
        ...at,
        title: "\u001b[31mRed\u202e",
        head: "contributor:change",
        base: "main",
      });
      number = opened.data.number;
    });
    const id = `pull-requests/forked/${number}/${first}`;
    expect(status).toBe(202);
    expect(body.done).toEqual([
      { did: "lead", build: id },
      { did: "wait", build: id },
    ]);
    expect(await stand.record(id)).toMatchObject({
      state: "waiting",
      trigger: { type: "pull-request", number },
    });
    const [run, ...more] = await stand.checkRuns("forked", first);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ status: "completed", conclusion: "action_required", external_id: `${id}#1` });
    expect(run?.output.summary).toContain(`label \`${APPROVAL_LABEL}\``);
    expect(await stand.jobs()).toEqual([]);
  });

  it("is not built by the label of somebody who may only triage", async () => {
    await stand.octokit.rest.repos.addCollaborator({ ...at, username: "contributor", permission: "triage" });
    const { body } = await answerTo(() => addLabel(contributor), "disallow");
    expect(body.done).toMatchObject([{ did: "remove-label" }, { did: "disallow" }, { did: "nothing" }]);
    expect(await labels()).toEqual([]);
    const [run] = await stand.checkRuns("forked", first);
    expect(run?.conclusion).toBe("action_required");
    expect(run?.output.summary).toContain("The label by `contributor` did not count");
    expect(await stand.jobs()).toEqual([]);
    await stand.octokit.rest.repos.removeCollaborator({ ...at, username: "contributor" });
  });

  it("is built without trust after a maintainer's label: this commit, in the same check run", async () => {
    const id = `pull-requests/forked/${number}/${first}`;
    const { body } = await answerTo(() => addLabel(stand.octokit), "queue");
    expect(body.done).toEqual([{ did: "queue", build: id, attempt: 1 }]);
    const [run, ...more] = await stand.checkRuns("forked", first);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ status: "queued", conclusion: null });
    expect(await stand.jobs()).toMatchObject([
      { commit: first, trusted: false, trigger: { type: "pull-request", number }, checkRun: run?.id },
    ]);
    expect(await stand.record(id)).toMatchObject({ state: "queued", attempt: 1 });
  });

  it("waits again for the next commit, without the label, and the older build is superseded", async () => {
    second = await commit();
    const id = `pull-requests/forked/${number}/${second}`;
    const { body } = await answerTo(() => git("push", "--quiet", "origin", "HEAD:change"), "wait");
    expect(body.done).toEqual([
      { did: "lead", build: id },
      { did: "remove-label" },
      { did: "wait", build: id },
    ]);
    expect(await labels()).toEqual([]);
    expect(await stand.item(`latest/forked/pull-request/${number}`)).toMatchObject({ build: id });
    expect(await stand.jobs()).toEqual([]);
  });

  it("is not built for a label that was meant for an older commit", async () => {
    const [hook] = (await stand.octokit.rest.repos.listWebhooks(at)).data;
    const hook_id = hook?.id ?? 0;
    await answerTo(() => addLabel(stand.octokit), "queue");
    await stand.jobs();
    const list = await stand.octokit.rest.repos.listWebhookDeliveries({ ...at, hook_id });
    const labeled = list.data.find(({ action }) => action === "labeled");
    const { data } = await stand.octokit.rest.repos.getWebhookDelivery({
      ...at,
      hook_id,
      delivery_id: labeled?.id ?? 0,
    });
    const third = await commit();
    await answerTo(() => git("push", "--quiet", "origin", "HEAD:change"), "wait");
    const { body } = await stand.deliver("pull_request", data.request.payload);
    expect(body.done).toMatchObject([
      { did: "remove-label" },
      { did: "nothing", because: "the label is for an older commit" },
    ]);
    expect(await stand.record(`pull-requests/forked/${number}/${third}`)).toMatchObject({ state: "waiting" });
    expect(await stand.jobs()).toEqual([]);
  });

  it("is superseded when it is closed", async () => {
    await answerTo(
      () => stand.octokit.rest.pulls.update({ ...at, pull_number: number, state: "closed" }),
      "lead",
    );
    expect(await stand.item(`latest/forked/pull-request/${number}`)).toMatchObject({ build: "closed" });
  });
});

it("a fork of somebody who may write is built at once, without trust", async () => {
  await stand.octokit.rest.repos.addCollaborator({ ...at, username: "contributor", permission: "push" });
  const sha = await commit();
  await git("push", "--quiet", "origin", "HEAD:own");
  const { body } = await answerTo(() =>
    contributor.rest.pulls.create({ ...at, title: "Own", head: "contributor:own", base: "main" }),
  );
  expect(body.done).toMatchObject([{ did: "lead" }, { did: "queue", attempt: 1 }]);
  expect(await stand.jobs()).toMatchObject([{ commit: sha, trusted: false }]);
});

it("a branch of the repository itself is built by its push; its pull request builds nothing", async () => {
  const own = await stand.github.clone("hypriot/forked");
  writeFileSync(join(own.folder, "packages.txt"), "htop\n");
  await own("add", ".");
  await own("commit", "--quiet", "-m", "Add htop");
  const from = stand.answers.length;
  await own("push", "--quiet", "origin", "HEAD:topic");
  await stand.answered((event) => event === "push", from);
  expect(await stand.jobs()).toMatchObject([{ trusted: true, trigger: { type: "push", branch: "topic" } }]);
  const { body } = await answerTo(() =>
    stand.octokit.rest.pulls.create({ ...at, title: "Topic", head: "topic", base: "main" }),
  );
  expect(body.done).toEqual([{ did: "nothing", because: "the commit has a build: queued" }]);
  expect(await stand.jobs()).toEqual([]);
});
