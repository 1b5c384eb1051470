import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitIn, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
const owner = "hypriot";

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
});

afterAll(() => github.remove());

async function repository(name: string, options: { private?: boolean } = {}) {
  await octokit.rest.repos.createInOrg({ org: owner, name, auto_init: true, ...options });
  return { owner, repo: name };
}

async function commit(git: ReturnType<typeof gitIn>, file: string, text: string): Promise<string> {
  writeFileSync(join(git.folder, file), text);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: Error & { stderr?: string }) => error.stderr ?? error.message,
  );
}

describe("access", () => {
  test("git asks for credentials where they are missing, and refuses wrong ones", async () => {
    await repository("secret", { private: true });
    const url = `${github.description.baseUrl}/hypriot/secret.git/info/refs?service=git-upload-pack`;
    const missing = await fetch(url);
    expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="GitHub"']);
    const folder = gitIn(github.folder);
    expect(await failure(folder("ls-remote", github.cloneUrl("hypriot/secret", "wrong")))).toContain(
      "Authentication failed",
    );
    const { contributorToken } = github.description;
    expect(await failure(folder("ls-remote", github.cloneUrl("hypriot/secret", contributorToken)))).toContain(
      "not found",
    );
    await expect(github.octokit("wrong").rest.users.getAuthenticated()).rejects.toMatchObject({
      status: 401,
    });
    await expect(
      github.octokit(contributorToken).rest.repos.get({ owner, repo: "secret" }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test("anybody reads a public repository, only members write", async () => {
    await repository("public");
    const git = await github.clone("hypriot/public", "");
    await commit(git, "a.txt", "a\n");
    expect(await failure(git("push", "origin", "main"))).toMatch(/could not read Username|Authentication/);
    const { contributorToken } = github.description;
    await git("remote", "set-url", "origin", github.cloneUrl("hypriot/public", contributorToken));
    expect(await failure(git("push", "origin", "main"))).toContain("403");
    const refused = github.octokit(contributorToken).rest.repos.createOrUpdateFileContents({
      owner,
      repo: "public",
      path: "a",
      message: "a",
      content: "",
    });
    await expect(refused).rejects.toMatchObject({ status: 403 });
  });

  test("a token of the App's installation clones and pushes", async () => {
    const at = await repository("by-app", { private: true });
    const token = await github.appToken();
    const git = await github.clone("hypriot/by-app", token);
    const sha = await commit(git, "a.txt", "a\n");
    await git("push", "--quiet", "origin", "main");
    expect((await octokit.rest.repos.getBranch({ ...at, branch: "main" })).data.commit.sha).toBe(sha);
    const installation = github.octokit(token);
    const run = await installation.rest.checks.create({
      ...at,
      name: "build",
      head_sha: sha,
      status: "in_progress",
    });
    expect(run.data.app?.slug).toBe("hypriotos-pipeline");
    await expect(octokit.rest.checks.create({ ...at, name: "build", head_sha: sha })).rejects.toMatchObject({
      status: 403,
    });
    const reached = await installation.rest.apps.listReposAccessibleToInstallation();
    expect(reached.data.repositories.map(({ name }) => name)).toContain("by-app");
  });
});
