import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
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
