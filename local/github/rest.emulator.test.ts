import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
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

describe("repositories", () => {
  test("settings are kept, shown and changed", async () => {
    const at = { owner, repo: "settings" };
    await octokit.rest.repos.createInOrg({
      org: owner,
      name: "settings",
      visibility: "public",
      is_template: true,
      allow_auto_merge: true,
      squash_merge_commit_title: "PR_TITLE",
      has_wiki: false,
    });
    const wanted = {
      is_template: true,
      allow_auto_merge: true,
      squash_merge_commit_title: "PR_TITLE",
      has_wiki: false,
      visibility: "public",
    };
    expect((await octokit.rest.repos.get(at)).data).toMatchObject(wanted);
    const changed = await octokit.rest.repos.update({
      ...at,
      delete_branch_on_merge: true,
      allow_merge_commit: false,
      web_commit_signoff_required: true,
      security_and_analysis: { secret_scanning: { status: "enabled" } },
    });
    const now = {
      delete_branch_on_merge: true,
      allow_merge_commit: false,
      web_commit_signoff_required: true,
      squash_merge_commit_title: "PR_TITLE",
      security_and_analysis: {
        secret_scanning: { status: "enabled" },
        secret_scanning_push_protection: { status: "disabled" },
      },
    };
    expect(changed.data).toMatchObject(now);
    expect((await octokit.rest.repos.get(at)).data).toMatchObject(now);
    await octokit.rest.repos.replaceAllTopics({ ...at, names: ["image"] });
    expect((await octokit.rest.repos.getAllTopics(at)).data.names).toEqual(["image"]);
    await expect(octokit.rest.repos.checkVulnerabilityAlerts(at)).rejects.toMatchObject({ status: 404 });
    await octokit.rest.repos.enableVulnerabilityAlerts(at);
    expect((await octokit.rest.repos.checkVulnerabilityAlerts(at)).status).toBe(204);
  });

  test("a template is generated as one commit of the same tree", async () => {
    await octokit.rest.repos.createInOrg({
      org: owner,
      name: "template",
      auto_init: true,
      is_template: true,
    });
    for (const path of ["builder/run", "README.en"]) {
      await octokit.rest.repos.createOrUpdateFileContents({
        owner,
        repo: "template",
        path,
        message: path,
        content: "eA==",
      });
    }
    const { data } = await octokit.rest.repos.createUsingTemplate({
      template_owner: owner,
      template_repo: "template",
      owner,
      name: "generated",
      description: "From a template",
    });
    expect(data).toMatchObject({
      full_name: "hypriot/generated",
      description: "From a template",
      is_template: false,
      default_branch: "main",
      template_repository: { full_name: "hypriot/template" },
    });
    const [from, to] = [await github.clone("hypriot/template"), await github.clone("hypriot/generated")];
    expect(await to("rev-parse", "HEAD^{tree}")).toBe(await from("rev-parse", "HEAD^{tree}"));
    expect(await to("log", "--format=%s")).toBe("Initial commit");
    const commits = await octokit.rest.repos.listCommits({ owner, repo: "generated" });
    expect(commits.data.map(({ sha }) => sha)).toEqual([await to("rev-parse", "HEAD")]);
    const file = await octokit.rest.repos.getContent({ owner, repo: "generated", path: "builder/run" });
    expect(file.data).toMatchObject({ content: "eA==" });
    const again = { template_owner: owner, template_repo: "template", owner, name: "generated" };
    await expect(octokit.rest.repos.createUsingTemplate(again)).rejects.toMatchObject({ status: 422 });
    const untemplated = { ...again, template_repo: "generated", name: "other" };
    await expect(octokit.rest.repos.createUsingTemplate(untemplated)).rejects.toMatchObject({ status: 404 });
  });

  test("files are changed and deleted with the right id only", async () => {
    const at = { owner, repo: "files" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "files", auto_init: true });
    const write = (content: string, sha?: string) =>
      octokit.rest.repos.createOrUpdateFileContents({
        ...at,
        path: "a",
        message: "a",
        content,
        ...(sha === undefined ? {} : { sha }),
      });
    const first = await write("eA==");
    await expect(write("eQ==")).rejects.toMatchObject({ status: 422 });
    await expect(write("eQ==", "0".repeat(40))).rejects.toMatchObject({ status: 409 });
    const second = await write("eQ==", first.data.content?.sha);
    const stale = { ...at, path: "a", message: "Delete", sha: first.data.content?.sha ?? "" };
    await expect(octokit.rest.repos.deleteFile(stale)).rejects.toMatchObject({ status: 409 });
    await octokit.rest.repos.deleteFile({ ...stale, sha: second.data.content?.sha ?? "" });
    await expect(octokit.rest.repos.getContent({ ...at, path: "a" })).rejects.toMatchObject({ status: 404 });
  });

  test("teams get access, and it counts", async () => {
    const at = { owner, repo: "team-access" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "team-access", auto_init: true, private: true });
    const link = { org: owner, team_slug: "maintainers", ...at };
    await expect(octokit.rest.teams.checkPermissionsForRepoInOrg(link)).rejects.toMatchObject({
      status: 404,
    });
    await octokit.rest.teams.addOrUpdateRepoPermissionsInOrg({ ...link, permission: "maintain" });
    const teams = await octokit.rest.repos.listTeams(at);
    expect(teams.data.map(({ slug, permission }) => [slug, permission])).toEqual([
      ["maintainers", "maintain"],
    ]);
    const shown = await octokit.rest.teams.checkPermissionsForRepoInOrg({
      ...link,
      mediaType: { format: "repository" },
    });
    expect(shown.data).toMatchObject({ role_name: "maintain", permissions: { push: true, admin: false } });
    const contributor = github.octokit(github.description.contributorToken);
    await expect(contributor.rest.repos.get(at)).rejects.toMatchObject({ status: 404 });
    await octokit.rest.teams.removeRepoInOrg(link);
    expect((await octokit.rest.repos.listTeams(at)).data).toEqual([]);
  });

  test("archives hold a commit's tree under one folder", async () => {
    const at = { owner, repo: "archives" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "archives", auto_init: true });
    const { data } = await octokit.rest.repos.downloadTarballArchive({ ...at, ref: "main" });
    const file = join(github.folder, "archive.tar.gz");
    writeFileSync(file, Buffer.from(data as ArrayBuffer));
    const { data: branch } = await octokit.rest.repos.getBranch({ ...at, branch: "main" });
    const names = execFileSync("tar", ["tzf", file], { encoding: "utf8" }).trim().split("\n");
    const folder = `hypriot-archives-${branch.commit.sha.slice(0, 7)}/`;
    expect(names).toEqual([folder, `${folder}README.md`]);
    await expect(octokit.rest.repos.downloadTarballArchive({ ...at, ref: "none" })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("an archived repository is read only, a deleted one is gone for git too", async () => {
    const at = { owner, repo: "gone" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "gone", auto_init: true });
    const git = await github.clone("hypriot/gone");
    await octokit.rest.repos.update({ ...at, archived: true });
    await git("commit", "--quiet", "--allow-empty", "-m", "Late");
    await expect(git("push", "origin", "main")).rejects.toMatchObject({
      stderr: expect.stringContaining("403"),
    });
    await expect(octokit.rest.issues.createLabel({ ...at, name: "x" })).rejects.toMatchObject({
      status: 403,
    });
    await octokit.rest.repos.update({ ...at, archived: false });
    await octokit.rest.repos.createRepoRuleset({
      ...at,
      name: "all",
      enforcement: "active",
      rules: [{ type: "deletion" }],
      conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
    });
    await octokit.rest.repos.delete(at);
    await expect(git("fetch", "origin")).rejects.toMatchObject({
      stderr: expect.stringContaining("not found"),
    });
    await octokit.rest.repos.createInOrg({ org: owner, name: "gone" });
    expect(await octokit.rest.repos.listCommits(at).catch(({ status }) => status)).toBe(409);
    expect(await git("ls-remote", "origin")).toBe("");
    expect((await octokit.rest.repos.getRepoRulesets(at)).data).toEqual([]);
  });

  test("the default branch is what a clone checks out", async () => {
    const at = { owner, repo: "default-branch" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "default-branch", auto_init: true });
    const { data } = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
    await octokit.rest.git.createRef({ ...at, ref: "refs/heads/next", sha: data.object.sha });
    await expect(octokit.rest.repos.update({ ...at, default_branch: "none" })).rejects.toMatchObject({
      status: 422,
    });
    await octokit.rest.repos.update({ ...at, default_branch: "next" });
    const git = await github.clone("hypriot/default-branch");
    expect(await git("branch", "--show-current")).toBe("next");
    await octokit.rest.repos.update({ ...at, name: "renamed" });
    expect(await (await github.clone("hypriot/renamed"))("rev-parse", "HEAD")).toBe(data.object.sha);
  });
});

describe("names", () => {
  test("are found whatever their case, and refused where git could not use them", async () => {
    await octokit.rest.repos.createInOrg({ org: owner, name: "Mixed-Case", auto_init: true });
    const { data } = await octokit.rest.repos.listBranches({ owner: "Hypriot", repo: "mixed-case" });
    expect(data.map(({ name }) => name)).toEqual(["main"]);
    for (const name of ["x.git", "..", "a b", ""]) {
      await expect(octokit.rest.repos.createInOrg({ org: owner, name })).rejects.toMatchObject({
        status: 422,
      });
    }
    await expect(octokit.rest.repos.createInOrg({ org: owner, name: "mixed-case" })).rejects.toMatchObject({
      status: 422,
    });
    const listed = await octokit.paginate(octokit.rest.repos.listForOrg, { org: owner, per_page: 2 });
    expect(listed.map(({ name }) => name)).toContain("Mixed-Case");
  });
});

describe("what a client has", () => {
  test("is not sent again, and says which scopes its token has", async () => {
    const { baseUrl, token } = github.description;
    const headers = { authorization: `token ${token}` };
    const first = await fetch(`${baseUrl}/orgs/hypriot`, { headers });
    expect(first.headers.get("x-oauth-scopes")).toContain("repo");
    const etag = first.headers.get("etag") ?? "";
    expect(
      (await fetch(`${baseUrl}/orgs/hypriot`, { headers: { ...headers, "if-none-match": etag } })).status,
    ).toBe(304);
  });

  test("cannot be had by signing in as somebody else", async () => {
    const url = `${github.description.baseUrl}/login/oauth/authorize?client_id=x&redirect_uri=http://localhost/`;
    expect((await fetch(url)).status).toBe(404);
  });
});

describe("commit statuses", () => {
  test("are kept per context and summed up", async () => {
    const at = { owner, repo: "statuses" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "statuses", auto_init: true });
    const { data: branch } = await octokit.rest.repos.getBranch({ ...at, branch: "main" });
    const set = (context: string, state: "pending" | "success" | "failure") =>
      octokit.rest.repos.createCommitStatus({ ...at, sha: branch.commit.sha, context, state });
    await set("build", "pending");
    const sum = async () => (await octokit.rest.repos.getCombinedStatusForRef({ ...at, ref: "main" })).data;
    expect((await sum()).state).toBe("pending");
    await set("build", "success");
    expect(await sum()).toMatchObject({ state: "success", total_count: 1, sha: branch.commit.sha });
    await set("lint", "failure");
    expect((await sum()).state).toBe("failure");
    const all = await octokit.rest.repos.listCommitStatusesForRef({ ...at, ref: "main" });
    expect(all.data.map(({ context, state }) => [context, state])).toEqual([
      ["lint", "failure"],
      ["build", "success"],
      ["build", "pending"],
    ]);
  });
});

describe("releases", () => {
  test("assets keep their content; publishing makes the tag", async () => {
    const at = { owner, repo: "releases" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "releases", auto_init: true });
    const { data: release } = await octokit.rest.repos.createRelease({
      ...at,
      tag_name: "v1.0.0",
      draft: true,
    });
    const asset = {
      ...at,
      release_id: release.id,
      name: "image.zip",
      data: "content of the image",
      baseUrl: github.description.baseUrl,
    };
    const { data: uploaded } = await octokit.rest.repos.uploadReleaseAsset(asset);
    expect(uploaded).toMatchObject({
      name: "image.zip",
      state: "uploaded",
      size: 20,
      digest: "sha256:35b8f0a15ec848d8c9be7e231a7f4085552d09b195903de0552b51ff6d7d3032",
    });
    await expect(octokit.rest.repos.uploadReleaseAsset(asset)).rejects.toMatchObject({ status: 422 });
    await expect(octokit.rest.git.getRef({ ...at, ref: "tags/v1.0.0" })).rejects.toMatchObject({
      status: 404,
    });
    await octokit.rest.repos.updateRelease({ ...at, release_id: release.id, draft: false });
    const tag = await octokit.rest.git.getRef({ ...at, ref: "tags/v1.0.0" });
    const main = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
    expect(tag.data.object.sha).toBe(main.data.object.sha);
    const { data: latest } = await octokit.rest.repos.getLatestRelease(at);
    const [shown] = latest.assets;
    expect(await (await fetch(shown?.browser_download_url ?? "")).text()).toBe("content of the image");
    await octokit.rest.repos.deleteReleaseAsset({ ...at, asset_id: uploaded.id });
    expect((await octokit.rest.repos.listReleaseAssets({ ...at, release_id: release.id })).data).toEqual([]);
  });
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
