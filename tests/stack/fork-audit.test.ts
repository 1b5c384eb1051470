import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { Clone } from "../support/clone.ts";
import { openStack } from "../support/engine.ts";
import { type Ended, start } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";

// The scripts of the workflow's job for forks, as they stand in its file, on a pull request from a fork.
const ROOT = join(import.meta.dirname, "../..");
const FILE = "stacks/Pulumi.production.yaml";
const at = { owner: "hypriot", repo: "release-pipeline" };
const base = readFileSync(join(ROOT, FILE), "utf8");

let stack: TestStack;
let contributor: Octokit;
let clone: Clone;

beforeAll(async () => {
  stack = await TestStack.create("forks");
  await openStack(stack);
  const { baseUrl } = stack.cloud.github;
  const { contributorToken } = JSON.parse(readFileSync(join(stack.stateDir, "github.json"), "utf8"));
  contributor = new Octokit({ baseUrl: baseUrl.replace(/\/$/, ""), auth: contributorToken });
  await stack.github.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  clone = await Clone.of(stack, at.repo);
  await clone.commit("The project", { [FILE]: base });
  await clone.push("main");
  const { data: fork } = await contributor.rest.repos.createFork(at);
  const url = new URL(`${baseUrl.replace(/\/$/, "")}/${fork.full_name}.git`);
  url.username = "x-access-token";
  url.password = contributorToken;
  await clone.git("remote", "add", "fork", url.href);
}, 300_000);
afterAll(() => stack.remove(), 300_000);

/** Pushes a stack file and a script that must never run to the fork. Resolves with the pull request's head. */
async function proposed(text: string): Promise<string> {
  const harm = "throw new Error('a stranger was run');\n";
  const head = await clone.commit("Mine", { [FILE]: text, "scripts/audit-config.ts": harm });
  await clone.git("push", "--quiet", "--force", "fork", "HEAD:mine");
  return head;
}

/** Runs the job's scripts one after the other, with what the workflow gives them. */
async function job(head: string): Promise<Ended> {
  const workflow = parse(readFileSync(join(ROOT, ".github/workflows/audit.yml"), "utf8"));
  const scripts: string[] = workflow.jobs.settings.steps
    .filter(({ env }: { env?: unknown }) => env !== undefined)
    .map(({ run }: { run: string }) => run);
  expect(scripts).toHaveLength(2);
  const { baseUrl, automationToken } = stack.cloud.github;
  const temporary = mkdtempSync(join(stack.folder, "runner-"));
  const env = {
    PATH: process.env.PATH,
    HOME: temporary,
    RUNNER_TEMP: temporary,
    STACK: "production",
    HEAD: head,
    REPOSITORY: `${at.owner}/${at.repo}`,
    SERVER: baseUrl.replace(/\/$/, ""),
    AUDIT_COMMENT_TOKEN: automationToken,
    AUDIT_COMMENT_AS: "hypriotos-pipeline[bot]",
    AUDIT_COMMIT: head,
    GITHUB_API_URL: baseUrl,
  };
  let ended: Ended = { code: 0, output: "" };
  for (const script of scripts) {
    const target = script.replace("--comment", `--comment ${at.owner}/${at.repo}#1`);
    ended = await start("bash", ["-eo", "pipefail", "-c", target], { cwd: ROOT, env }).ended;
    if (ended.code !== 0) return ended;
  }
  return ended;
}

const comments = async () =>
  (await stack.github.rest.issues.listComments({ ...at, issue_number: 1 })).data.map(
    ({ body }) => body ?? "",
  );

describe("a pull request from a fork", () => {
  it("gets a comment of which settings change, and nothing of it is run", async () => {
    const file = parseDocument(base);
    file.setIn(["config", "hypriotos:protection", "approvals"], 0);
    const head = await proposed(file.toString());
    await contributor.rest.pulls.create({ ...at, title: "Mine", base: "main", head: "contributor:mine" });
    const { code, output } = await job(head);
    expect(output).not.toContain("a stranger was run");
    expect(code, output).toBe(0);
    expect(await comments()).toEqual([expect.stringContaining("- `protection.approvals`: `1` → `0`")]);
  });

  it("has that comment edited, and a failed check, once its stack file is refused", async () => {
    const { code, output } = await job(await proposed("config: ["));
    expect(code, output).toBe(1);
    expect(await comments()).toEqual([expect.stringContaining("**The stack file is refused.**")]);
  });
});
