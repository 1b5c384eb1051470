import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
const owner = "hypriot";

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
});

afterAll(() => github.remove());

describe("a first start", () => {
  test("writes how to reach it, for its owner only", () => {
    const { description } = github;
    expect(description).toMatchObject({ organization: owner, app: { slug: "hypriotos-pipeline" } });
    expect(statSync(join(github.folder, "state", "github.json")).mode & 0o777).toBe(0o600);
    expect(statSync(description.app.privateKeyFile).mode & 0o777).toBe(0o600);
  });

  test("makes an owner, an outside contributor, teams and an App", async () => {
    expect((await octokit.rest.users.getAuthenticated()).data.login).toBe("maintainer");
    const membership = await octokit.rest.orgs.getMembershipForUser({ org: owner, username: "maintainer" });
    expect(membership.data.role).toBe("admin");
    const teams = await octokit.rest.teams.list({ org: owner });
    expect(teams.data.map(({ slug, permission }) => [slug, permission])).toEqual([
      ["maintainers", "push"],
      ["contributors", "pull"],
    ]);
    const { app, baseUrl, contributorToken } = github.description;
    expect((await github.octokit(contributorToken).rest.users.getAuthenticated()).data.login).toBe(
      "contributor",
    );
    const asApp = new Octokit({
      baseUrl,
      authStrategy: createAppAuth,
      auth: { appId: app.id, privateKey: readFileSync(app.privateKeyFile, "utf8") },
    });
    expect((await asApp.rest.apps.getAuthenticated()).data?.slug).toBe(app.slug);
    expect((await asApp.rest.apps.getOrgInstallation({ org: owner })).data.id).toBe(app.installationId);
  });

  test("is healthy, also where clients of a host of its own look", async () => {
    const { baseUrl, token } = github.description;
    expect(await (await fetch(`${baseUrl}/_health`)).json()).toMatchObject({ status: "ok" });
    const enterprise = new Octokit({ baseUrl: `${baseUrl}/api/v3`, auth: token });
    expect((await enterprise.rest.orgs.get({ org: owner })).data.login).toBe(owner);
  });

  test("says in one line that its port is taken, with exit code 3", async () => {
    const args = ["--import", "tsx", join(import.meta.dirname, "main.ts"), "--port", String(github.port)];
    const state = mkdtempSync(join(github.folder, "other-"));
    const child = spawn(process.execPath, [...args, "--state", state, "--organization", owner]);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, "exit");
    expect([code, said]).toEqual([3, `port ${github.port} on 127.0.0.1 is taken by another program\n`]);
  });
});

test("one state is served by one process", async () => {
  const args = [
    "--import",
    "tsx",
    join(import.meta.dirname, "main.ts"),
    "--port",
    "1",
    "--organization",
    owner,
  ];
  const state = join(github.folder, "state");
  const child = spawn(process.execPath, [...args, "--state", state]);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "exit");
  expect([code, said]).toEqual([3, `${state} is served at ${github.description.baseUrl} already\n`]);
});

describe("a restart", () => {
  test.each(["SIGTERM", "SIGKILL"] as const)("after %s keeps everything", async (signal) => {
    const name = `kept-${signal.toLowerCase()}`;
    const at = { owner, repo: name };
    await octokit.rest.repos.createInOrg({ org: owner, name, auto_init: true, is_template: true });
    const git = await github.clone(`hypriot/${name}`);
    await git("commit", "--quiet", "--allow-empty", "-m", "Pushed");
    await git("push", "--quiet", "origin", "main");
    const { data: hook } = await octokit.rest.repos.createWebhook({
      ...at,
      active: false,
      config: { url: "http://localhost:1/", secret: "kept" },
    });
    const { data: ruleset } = await octokit.rest.repos.createRepoRuleset({
      ...at,
      name: "main",
      enforcement: "active",
      rules: [{ type: "deletion" }],
      conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
    });
    await octokit.rest.repos.deleteWebhook({
      ...at,
      hook_id: (
        await octokit.rest.repos.createWebhook({
          ...at,
          active: false,
          config: { url: "http://localhost:2/" },
        })
      ).data.id,
    });
    const look = async () => ({
      description: github.description,
      repository: (await octokit.rest.repos.get(at)).data,
      hooks: (await octokit.rest.repos.listWebhooks(at)).data,
      rulesets: (await octokit.rest.repos.getRepoRuleset({ ...at, ruleset_id: ruleset.id })).data,
      commits: (await octokit.rest.repos.listCommits(at)).data.map(({ sha }) => sha),
    });
    const before = await look();
    await github.down(signal);
    await github.up();
    expect(await look()).toEqual(before);
    expect(before.hooks.map(({ id }) => id)).toEqual([hook.id]);
    const next = await octokit.rest.repos.createWebhook({
      ...at,
      active: false,
      config: { url: "http://localhost:3/" },
    });
    expect(next.data.id).toBeGreaterThan(hook.id);
    await git("commit", "--quiet", "--allow-empty", "-m", "After");
    await git("push", "--quiet", "origin", "main");
    expect((await octokit.rest.repos.listCommits(at)).data[0]?.sha).toBe(await git("rev-parse", "HEAD"));
  });
});
