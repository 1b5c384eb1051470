import { readFileSync, writeFileSync } from "node:fs";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Document } from "yaml";
import { commentMarker } from "../../../audit/comment.ts";
import { openStack } from "../../../audit/testing/scenarios.ts";
import { Clone } from "../../support/clone.ts";
import { ORANGE_PI } from "../../support/orange-pi.ts";
import { TestStack } from "../../support/test-stack.ts";

const BOT = "hypriotos-pipeline[bot]";
const TARGET = "hypriot/infrastructure#1";
const at = { owner: "hypriot", repo: "infrastructure" };
const issue = { ...at, issue_number: 1 };
const OTHERS = 100;

let stack: TestStack;
let clone: Clone;
/** The stack file that stands. */
let standing: string;

const comments = () =>
  stack.github.paginate(stack.github.rest.issues.listComments, { ...issue, per_page: 100 });
const botComments = async () => (await comments()).filter(({ user }) => user?.login === BOT);
const labels = async () =>
  (await stack.github.rest.issues.listLabelsOnIssue(issue)).data.map(({ name }) => name).sort();

/** The one comment that there must be. */
async function theComment(): Promise<{ readonly id: number; readonly body: string }> {
  const [first, ...more] = await botComments();
  expect(more).toEqual([]);
  return { id: first?.id ?? 0, body: first?.body ?? "" };
}

/** Pushes a change of the stack file to the pull request, as its author does. Resolves with the commit. */
async function push(message: string, edit: (file: Document) => void): Promise<string> {
  writeFileSync(stack.file, standing);
  stack.edit(edit);
  const commit = await clone.commit(message, { "Pulumi.production.yaml": readFileSync(stack.file, "utf8") });
  await clone.push("change");
  return commit;
}

/** Runs the audit of a commit as CI does. */
function audit(commit: string, ...args: string[]) {
  stack.env = {
    GITHUB_TOKEN: stack.cloud.github.automationToken,
    GITHUB_API_URL: stack.cloud.github.baseUrl,
    AUDIT_COMMENT_AS: BOT,
    AUDIT_COMMIT: commit,
  };
  return stack.try("audit", "--comment", TARGET, ...args);
}

beforeAll(async () => {
  stack = await TestStack.create("comment");
  stack.edit(openStack);
  await stack.run("up");
  standing = readFileSync(stack.file, "utf8");
  await stack.github.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  clone = await Clone.of(stack, at.repo);
  await push("Describe the pipeline", () => undefined);
  await stack.github.rest.pulls.create({ ...at, title: "Change", head: "change", base: "main" });
  const marker = commentMarker(stack.name);
  for (let index = 0; index < OTHERS; index += 1) {
    const body = index === 7 ? `${marker}\nThat is what it looks like.` : `Comment ${index}`;
    await stack.github.rest.issues.createComment({ ...issue, body });
  }
  await stack.github.rest.issues.addLabels({ ...issue, labels: ["bug", "audit other: destructive"] });
}, 300_000);

beforeEach(() => {
  writeFileSync(stack.file, standing);
});

afterAll(() => stack.remove());

describe("npm run audit -- --comment", () => {
  it("says in one line that nothing changes", async () => {
    const commit = (await clone.git("rev-parse", "HEAD")).trim();
    const { code, output } = await audit(commit);
    expect(output).toMatch(/^comment on hypriot\/infrastructure#1: created, http/m);
    expect(code).toBe(0);
    const { body } = await theComment();
    expect(body.trimEnd().split("\n")).toEqual([
      commentMarker(stack.name),
      expect.stringMatching(
        new RegExp(
          `^Stack \`${stack.name}\` at \`${commit.slice(0, 12)}\`: no changes, \\d+ resources as they are\\.$`,
        ),
      ),
    ]);
    expect(await labels()).toEqual(["audit other: destructive", "bug"]);
  });

  it("changes the same comment at each push, and no other", async () => {
    const before = (await comments()).filter(({ user }) => user?.login !== BOT);
    expect(before).toHaveLength(OTHERS);
    const { id } = await theComment();
    const commit = await push("Add a board", (file) =>
      file.setIn(["config", "hypriotos:boards", "orange-pi-pc"], ORANGE_PI),
    );
    const added = await audit(commit);
    expect(added.output).toMatch(/^comment on hypriot\/infrastructure#1: edited, http/m);
    expect(added.code).toBe(2);
    const comment = await theComment();
    expect(comment.id).toBe(id);
    expect(comment.body).toContain(`at \`${commit.slice(0, 12)}\``);
    expect(comment.body).toMatch(/\nChanges, nothing is destroyed\. \d+ to create/);
    expect(comment.body).not.toMatch(/to delete|Destroyed/);
    expect(comment.body).toContain("Pipeline repository orange-pi-pc");
    expect(await labels()).toContain(`audit ${stack.name}: changes`);
    expect((await comments()).filter(({ user }) => user?.login !== BOT)).toEqual(before);
  });

  it("says what a policy refuses, and why", async () => {
    const { id } = await theComment();
    const commit = await push("Let everybody merge", (file) =>
      file.setIn(["config", "hypriotos:protection", "approvals"], 0),
    );
    const { code } = await audit(commit);
    expect(code).toBe(4);
    const comment = await theComment();
    expect(comment.id).toBe(id);
    expect(comment.body).toContain("**Refused: a mandatory policy is violated.**");
    expect(comment.body).toMatch(/- \*\*Protection weakened\*\*: /);
    expect(comment.body).toMatch(/- `reviews-required` \(\*\*mandatory\*\*, high\): .+/);
    expect(comment.body).toMatch(/ {2}- To fix: /);
    expect(await labels()).toEqual([
      `audit ${stack.name}: high risk`,
      `audit ${stack.name}: refused`,
      "audit other: destructive",
      "bug",
    ]);
    const { data } = await stack.github.rest.issues.getLabel({ ...at, name: `audit ${stack.name}: refused` });
    expect(data).toMatchObject({ color: "86181d", description: expect.stringContaining("policy") });
  });

  it("says which repository would be deleted, and that it is refused", async () => {
    const commit = await push("Remove a board", (file) => {
      file.deleteIn(["config", "hypriotos:boards", "banana-pi"]);
      file.deleteIn(["config", "hypriotos:policies"]);
    });
    const { code } = await audit(commit);
    expect(code).toBe(4);
    const { body } = await theComment();
    expect(body).toContain("**Refused: a mandatory policy is violated.**");
    expect(body).toMatch(/- delete `Repository banana-pi` .*\*\*lost: the repository with its commits/);
    expect(body).toMatch(/`repositories-kept` \(\*\*mandatory\*\*/);
    expect(body).toContain("`Repository banana-pi`: the repository would be deleted with all that is in it");
    expect(await labels()).toContain(`audit ${stack.name}: destructive`);
  });

  it("says why a preview failed", async () => {
    // The stack file is right: only when the program asks GitHub for the team's id, it fails.
    const commit = await push("Let a team past that nobody made", (file) => {
      file.setIn(["config", "hypriotos:organization", "teams", "nobody"], "push");
      file.addIn(["config", "hypriotos:protection", "bypass"], {
        kind: "team",
        team: "nobody",
        mode: "pull_request",
      });
    });
    const { code, output } = await audit(commit);
    expect(output).toContain("**The preview failed.**");
    expect(code).toBe(1);
    const { body } = await theComment();
    expect(body).toContain(`at \`${commit.slice(0, 12)}\``);
    expect(body).toContain("**The preview failed.**");
    expect(body).toMatch(/#### Errors\n\n```text\n[^`]*github:index\/getTeam:getTeam[^`]*nobody/);
    // What the engine had come to before is told as well: the team's access.
    expect((await labels()).filter((name) => name.startsWith(`audit ${stack.name}`))).toEqual([
      `audit ${stack.name}: failed`,
      `audit ${stack.name}: risk`,
    ]);
  });

  it("leaves the report of a newer commit alone, and says so", async () => {
    const [older, newer] = (await clone.git("log", "-2", "--format=%H")).trim().split("\n").reverse();
    const before = await botComments();
    const { code, output } = await audit(older ?? "");
    expect(output).toContain(
      `comment on ${TARGET}: left as it is, the head is ${newer?.slice(0, 12)} and this report is of ${older?.slice(0, 12)}`,
    );
    expect(code).toBe(0);
    expect(await botComments()).toEqual(before);
  });

  it("leaves no second comment where two runs met, or where it did not know as whom it writes", async () => {
    const { id, body } = await theComment();
    const { baseUrl, automationToken } = stack.cloud.github;
    const bot = new Octokit({ baseUrl: baseUrl.replace(/\/$/, ""), auth: automationToken });
    await bot.rest.issues.createComment({ ...issue, body });
    await bot.rest.issues.createComment({ ...issue, body: "Not a report" });
    const commit = await push("Say it again", () => undefined);
    stack.env = { GITHUB_TOKEN: automationToken, GITHUB_API_URL: baseUrl, AUDIT_COMMIT: commit };
    const { code, output } = await stack.try("audit", "--comment", TARGET);
    expect(output).toMatch(/^comment on hypriot\/infrastructure#1: edited, http/m);
    expect(code).toBe(0);
    const own = await botComments();
    expect(own.map((comment) => [comment.id === id, comment.body?.split("\n")[0]])).toEqual([
      [true, commentMarker(stack.name)],
      [false, "Not a report"],
    ]);
    expect(own[0]?.body).toContain(`at \`${commit.slice(0, 12)}\``);
  });

  it("prints the report also where GitHub refuses the comment, and fails in one sentence", async () => {
    const commit = (await clone.git("rev-parse", "HEAD")).trim();
    const { baseUrl, token } = stack.cloud.github;
    const before = await comments();
    const attempt = async (env: NodeJS.ProcessEnv, target = TARGET) => {
      stack.env = { GITHUB_API_URL: baseUrl, AUDIT_COMMIT: commit, GITHUB_TOKEN: token, ...env };
      const { code, output } = await stack.try("audit", "--comment", target);
      expect(code).toBe(1);
      expect(output).toMatch(/^Stack `comment-\w+` at `\w{12}`: no changes/m);
      const last = output.trimEnd().split("\n").at(-1) ?? "";
      expect(output).not.toContain(token);
      return last;
    };
    expect(await attempt({ GITHUB_TOKEN: "ghp_wrong" })).toMatch(
      /^comment on hypriot\/infrastructure#1: asking whose token it is failed, GitHub answered 401 \(Bad credentials.*\): the token is not valid/,
    );
    expect(await attempt({}, "hypriot/infrastructure#2")).toMatch(/failed, GitHub answered 404 \(Not Found/);
    expect(await attempt({ GITHUB_API_URL: "http://127.0.0.1:9" })).toMatch(
      /failed, GitHub did not answer: /,
    );
    expect(await attempt({ GITHUB_TOKEN: "" })).toContain("--comment: found no token");
    await stack.github.rest.repos.update({ ...at, archived: true });
    expect(await attempt({ GITHUB_TOKEN: stack.cloud.github.automationToken })).toMatch(
      /: writing the comment failed, GitHub answered 403 \(Repository was archived.*\): the token needs write access/,
    );
    expect(await comments()).toEqual(before);
  });
});
