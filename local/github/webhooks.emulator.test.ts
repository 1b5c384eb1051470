import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { verify } from "@octokit/webhooks-methods";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Git, Receiver, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
let receiver: Receiver;
let port: number;
let git: Git;
let at: { owner: string; repo: string };
let hook: { hook_id: number };
let count = 0;
const secret = "a secret";

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
  receiver = new Receiver();
  port = await receiver.listen();
});

afterAll(async () => {
  receiver.close();
  await github.remove();
});

beforeEach(async () => {
  receiver.status = 200;
  at = { owner: "hypriot", repo: `hooked-${++count}` };
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  git = await github.clone(`hypriot/${at.repo}`);
  const ping = receiver.next("ping");
  const { data } = await octokit.rest.repos.createWebhook({
    ...at,
    events: ["push", "create", "delete", "pull_request", "release"],
    config: { url: `http://abc123.lambda-url.us-east-1.localhost:${port}/`, content_type: "json", secret },
  });
  hook = { hook_id: data.id };
  expect(data.config.secret).toBe("********");
  expect(JSON.parse((await ping).body)).toMatchObject({
    hook_id: data.id,
    repository: { full_name: `hypriot/${at.repo}` },
  });
});

async function commit(file: string): Promise<string> {
  writeFileSync(join(git.folder, file), `${file}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

/** The delivery list gets an entry when the receiver has answered. */
async function deliveries(wanted: number) {
  for (;;) {
    const { data } = await octokit.rest.repos.listWebhookDeliveries({ ...at, ...hook });
    if (data.length >= wanted) return data;
  }
}

test("a push is delivered to a name under localhost, signed, with GitHub's fields", async () => {
  const before = await git("rev-parse", "HEAD");
  const first = await commit("added.txt");
  await git("rm", "--quiet", "README.md");
  const second = await commit("another.txt");
  const push = receiver.next("push");
  await git("push", "--quiet", "origin", "main");
  const { headers, body } = await push;
  expect(headers.host).toBe(`abc123.lambda-url.us-east-1.localhost:${port}`);
  expect(headers["content-type"]).toBe("application/json");
  expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(await verify(secret, body, String(headers["x-hub-signature-256"]))).toBe(true);
  expect(JSON.parse(body)).toMatchObject({
    ref: "refs/heads/main",
    before,
    after: second,
    created: false,
    deleted: false,
    forced: false,
    compare: `${github.description.baseUrl}/hypriot/${at.repo}/compare/${before.slice(0, 12)}...${second.slice(0, 12)}`,
    commits: [
      {
        id: first,
        message: "Write added.txt",
        added: ["added.txt"],
        removed: [],
        modified: [],
        author: { username: "maintainer" },
      },
      {
        id: second,
        message: "Write another.txt",
        added: ["another.txt"],
        removed: ["README.md"],
        modified: [],
      },
    ],
    head_commit: { id: second },
    repository: { full_name: `hypriot/${at.repo}`, default_branch: "main" },
    pusher: { name: "maintainer" },
    sender: { login: "maintainer" },
    organization: { login: "hypriot" },
    installation: { id: github.description.app.installationId },
  });
});

test("new and deleted branches and tags, and force pushes, are told", async () => {
  const sha = await commit("a.txt");
  const created = receiver.next("create");
  const pushed = receiver.next("push", { ref: "refs/tags/v1" });
  await git("tag", "-a", "v1", "-m", "One");
  await git("push", "--quiet", "origin", "v1");
  expect(JSON.parse((await created).body)).toMatchObject({
    ref: "v1",
    ref_type: "tag",
    master_branch: "main",
  });
  expect(JSON.parse((await pushed).body)).toMatchObject({
    ref: "refs/tags/v1",
    before: "0".repeat(40),
    after: await git("rev-parse", "v1"),
    created: true,
    commits: [],
    head_commit: { id: sha },
  });
  await git("push", "--quiet", "origin", "main:topic");
  await git("commit", "--quiet", "--amend", "-m", "Other");
  const forced = receiver.next("push", { forced: true });
  await git("push", "--quiet", "--force", "origin", "main:topic");
  expect(JSON.parse((await forced).body)).toMatchObject({
    before: sha,
    forced: true,
    commits: [{ message: "Other" }],
  });
  const deleted = receiver.next("delete");
  await git("push", "--quiet", "origin", "--delete", "topic");
  expect(JSON.parse((await deleted).body)).toMatchObject({ ref: "topic", ref_type: "branch" });
});

test("what REST writes is a push too", async () => {
  const push = receiver.next("push");
  const { data } = await octokit.rest.repos.createOrUpdateFileContents({
    ...at,
    path: "x/y",
    message: "Add y",
    content: "",
  });
  const { body } = await push;
  expect(JSON.parse(body)).toMatchObject({
    ref: "refs/heads/main",
    after: data.commit.sha,
    commits: [{ added: ["x/y"] }],
  });
});

test("deliveries are listed, shown and delivered again with the same guid", async () => {
  receiver.status = 500;
  const push = receiver.next("push");
  await commit("a.txt");
  await git("push", "--quiet", "origin", "main");
  const first = await push;
  const [failed] = await deliveries(2);
  expect(failed).toMatchObject({
    event: "push",
    redelivery: false,
    status_code: 500,
    status: "Internal Server Error",
  });
  const shown = await octokit.rest.repos.getWebhookDelivery({ ...at, ...hook, delivery_id: failed?.id ?? 0 });
  expect(shown.data.request.payload).toEqual(JSON.parse(first.body));
  expect(shown.data.response.payload).toBe("received");
  expect((await octokit.rest.repos.getWebhook({ ...at, ...hook })).data.last_response).toMatchObject({
    code: 500,
  });

  receiver.status = 200;
  const again = receiver.next("push");
  await octokit.rest.repos.redeliverWebhookDelivery({ ...at, ...hook, delivery_id: failed?.id ?? 0 });
  const second = await again;
  expect(second.headers["x-github-delivery"]).toBe(first.headers["x-github-delivery"]);
  expect(second.body).toBe(first.body);
  expect((await deliveries(3))[0]).toMatchObject({
    guid: failed?.guid,
    redelivery: true,
    status_code: 200,
    status: "OK",
  });
});

test("a hook's configuration changes without losing its secret", async () => {
  await octokit.rest.repos.updateWebhook({
    ...at,
    ...hook,
    events: ["push"],
    config: { url: `http://127.0.0.1:${port}/new`, content_type: "json" },
  });
  const push = receiver.next("push");
  await commit("a.txt");
  await git("push", "--quiet", "origin", "main");
  const { headers, body } = await push;
  expect(await verify(secret, body, String(headers["x-hub-signature-256"]))).toBe(true);
  await octokit.rest.repos.updateWebhookConfigForRepo({ ...at, ...hook, secret: "another" });
  const ping = receiver.next("ping");
  await octokit.rest.repos.pingWebhook({ ...at, ...hook });
  const second = await ping;
  expect(await verify("another", second.body, String(second.headers["x-hub-signature-256"]))).toBe(true);
});

test("a receiver that is not there, or not on this machine, disturbs nobody", async () => {
  const config = { content_type: "json" };
  await octokit.rest.repos.updateWebhook({
    ...at,
    ...hook,
    config: { ...config, url: "http://127.0.0.1:1/" },
  });
  await commit("a.txt");
  await git("push", "--quiet", "origin", "main");
  expect((await deliveries(2))[0]).toMatchObject({ status: "failed to connect to host", status_code: 502 });
  await octokit.rest.repos.updateWebhook({ ...at, ...hook, config: { ...config, url: "http://192.0.2.1/" } });
  await octokit.rest.repos.pingWebhook({ ...at, ...hook });
  expect((await deliveries(3))[0]).toMatchObject({ status: "not on loopback", status_code: 0 });
});
