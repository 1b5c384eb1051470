import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Receiver, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
let contributor: Octokit;
let app: Octokit;
let receiver: Receiver;
const at = { owner: "hypriot", repo: "conversation" };
const pull = { ...at, issue_number: 1 };

/** A token of the App's installation that may do only this. */
async function limited(permissions: Record<string, "read" | "write">): Promise<Octokit> {
  const { app: own, baseUrl } = github.description;
  const auth = createAppAuth({
    appId: own.id,
    privateKey: readFileSync(own.privateKeyFile, "utf8"),
    installationId: own.installationId,
    request: github.anonymous().request.defaults({ baseUrl }),
  });
  return github.octokit((await auth({ type: "installation", permissions })).token);
}

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
  contributor = github.octokit(github.description.contributorToken);
  app = github.octokit(await github.appToken());
  receiver = new Receiver();
  const port = await receiver.listen();
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  // Where issues are switched off, pull requests have their conversation all the same.
  await octokit.rest.repos.update({ ...at, has_issues: false });
  const git = await github.clone("hypriot/conversation");
  await git("checkout", "--quiet", "-b", "topic");
  writeFileSync(join(git.folder, "topic.txt"), "topic\n");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Add topic");
  await git("push", "--quiet", "origin", "topic");
  await octokit.rest.pulls.create({ ...at, title: "Topic", head: "topic", base: "main" });
  const config = { url: `http://hook.localhost:${port}/`, content_type: "json" };
  await octokit.rest.repos.createWebhook({ ...at, events: ["issue_comment"], config });
});

afterAll(async () => {
  receiver.close();
  await github.remove();
});

const say = async (who: Octokit, body: string) =>
  (await who.rest.issues.createComment({ ...pull, body })).data;

describe("comments of a pull request", () => {
  test("are made, read, edited and deleted, and each is told as GitHub does", async () => {
    const created = receiver.next("issue_comment", { action: "created" });
    const made = await say(octokit, "First");
    const url = `${github.description.baseUrl}/repos/hypriot/conversation/issues`;
    expect(made).toMatchObject({
      url: `${url}/comments/${made.id}`,
      issue_url: `${url}/1`,
      html_url: `${github.description.baseUrl}/hypriot/conversation/pull/1#issuecomment-${made.id}`,
      user: { login: "maintainer", type: "User" },
      author_association: "MEMBER",
      body: "First",
      performed_via_github_app: null,
    });
    expect(JSON.parse((await created).body)).toMatchObject({
      action: "created",
      issue: { number: 1, title: "Topic", pull_request: { url: url.replace("issues", "pulls/1") } },
      comment: { id: made.id, body: "First" },
      repository: { full_name: "hypriot/conversation" },
      sender: { login: "maintainer" },
    });
    const edited = receiver.next("issue_comment", { action: "edited" });
    await octokit.rest.issues.updateComment({ ...at, comment_id: made.id, body: "Second" });
    expect(JSON.parse((await edited).body).comment.body).toBe("Second");
    const read = (await octokit.rest.issues.getComment({ ...at, comment_id: made.id })).data;
    expect([read.body, read.created_at]).toEqual(["Second", made.created_at]);
    const deleted = receiver.next("issue_comment", { action: "deleted" });
    await octokit.rest.issues.deleteComment({ ...at, comment_id: made.id });
    await deleted;
    await expect(octokit.rest.issues.getComment({ ...at, comment_id: made.id })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("come in pages, oldest first", async () => {
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await say(contributor, `Comment ${index}`)).id);
    const first = await octokit.rest.issues.listComments({ ...pull, per_page: 2 });
    expect(first.headers.link).toMatch(/page=2>; rel="next", <[^>]*page=3>; rel="last"$/);
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...pull, per_page: 2 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[0]).toMatchObject({ user: { login: "contributor" }, author_association: "NONE" });
  });

  test("are changed by who wrote them, and by who may write", async () => {
    const own = await say(octokit, "The maintainer's");
    const theirs = await say(contributor, "The contributor's");
    const change = (who: Octokit, comment_id: number) =>
      who.rest.issues.updateComment({ ...at, comment_id, body: "Changed" });
    await expect(change(contributor, own.id)).rejects.toMatchObject({ status: 403 });
    await expect(contributor.rest.issues.deleteComment({ ...at, comment_id: own.id })).rejects.toMatchObject({
      status: 403,
    });
    expect((await change(contributor, theirs.id)).data.body).toBe("Changed");
    expect((await change(octokit, theirs.id)).data.user?.login).toBe("contributor");
  });

  test("have words, and not too many", async () => {
    for (const body of ["", " \n"]) {
      await expect(say(octokit, body)).rejects.toMatchObject({ status: 422 });
    }
    await expect(say(octokit, "x".repeat(65_537))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("body is too long (maximum is 65536 characters)"),
    });
    const made = await say(octokit, "x".repeat(65_536));
    await expect(
      octokit.rest.issues.updateComment({ ...at, comment_id: made.id, body: " " }),
    ).rejects.toMatchObject({ status: 422 });
  });

  test("are of a pull request that is there", async () => {
    for (const issue_number of [0, 2]) {
      await expect(
        octokit.rest.issues.createComment({ ...at, issue_number, body: "x" }),
      ).rejects.toMatchObject({ status: 404 });
      await expect(octokit.rest.issues.listComments({ ...at, issue_number })).rejects.toMatchObject({
        status: 404,
      });
    }
    await expect(github.anonymous().rest.issues.createComment({ ...pull, body: "x" })).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe("an App", () => {
  test("writes as its bot, which its token does not tell", async () => {
    const made = await say(app, "The App's");
    expect(made).toMatchObject({
      user: { login: "hypriotos-pipeline[bot]", type: "Bot" },
      performed_via_github_app: { slug: "hypriotos-pipeline" },
    });
    expect((await say(app, "Another")).user?.id).toBe(made.user?.id);
    await expect(app.rest.users.getAuthenticated()).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
    });
  });

  test("needs a permission for the conversation, whatever else it may", async () => {
    for (const permissions of [{ contents: "write" }, { pull_requests: "read" }] as const) {
      const token = await limited({ ...permissions });
      await expect(say(token, "x")).rejects.toMatchObject({
        status: 403,
        message: expect.stringContaining("Resource not accessible by integration"),
      });
      await expect(token.rest.issues.addLabels({ ...pull, labels: ["x"] })).rejects.toMatchObject({
        status: 403,
      });
    }
    for (const permission of ["issues", "pull_requests"]) {
      const token = await limited({ [permission]: "write" });
      expect((await say(token, permission)).body).toBe(permission);
      await token.rest.issues.createLabel({ ...at, name: permission, color: "ededed" });
      expect((await token.rest.issues.addLabels({ ...pull, labels: [permission] })).status).toBe(200);
    }
  });
});

describe("labels of a repository", () => {
  test("have a name once, whatever its case, and of a length that GitHub takes", async () => {
    const make = (name: string, description = "") =>
      octokit.rest.issues.createLabel({ ...at, name, description, color: "ededed" });
    await make("audit local: changes");
    await expect(make("Audit local: Changes")).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ resource: "Label", code: "already_exists", field: "name" }] } },
    });
    await expect(make("")).rejects.toMatchObject({ status: 422 });
    await expect(make("x".repeat(51))).rejects.toMatchObject({ status: 422 });
    await expect(make("long", "x".repeat(101))).rejects.toMatchObject({ status: 422 });
    const listed = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, { ...at, per_page: 2 });
    expect(listed.map(({ name }) => name)).toContain("audit local: changes");
  });

  test("are made by who may write", async () => {
    await octokit.rest.repos.addCollaborator({ ...at, username: "contributor", permission: "triage" });
    await octokit.rest.issues.addLabels({ ...pull, labels: ["audit local: changes"] });
    const add = contributor.rest.issues.addLabels({ ...pull, labels: ["audit local: changes"] });
    expect((await add).status).toBe(200);
    await expect(
      contributor.rest.issues.createLabel({ ...at, name: "own", color: "ededed" }),
    ).rejects.toMatchObject({ status: 403 });
  });
});
