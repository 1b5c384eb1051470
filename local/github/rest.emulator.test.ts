import { request } from "node:http";
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

describe("the latest release", () => {
  test("is the one that was published so last, and never a draft or a pre-release", async () => {
    const at = { owner, repo: "latest" };
    await octokit.rest.repos.createInOrg({ org: owner, name: "latest", auto_init: true });
    const publish = async (tag_name: string, make_latest?: "true" | "false", prerelease = false) => {
      const { data: draft } = await octokit.rest.repos.createRelease({
        ...at,
        tag_name,
        prerelease,
        draft: true,
      });
      const latest = make_latest === undefined ? {} : { make_latest };
      await octokit.rest.repos.updateRelease({ ...at, release_id: draft.id, draft: false, ...latest });
      return draft.id;
    };
    const latest = async () => (await octokit.rest.repos.getLatestRelease(at)).data.tag_name;
    const first = await publish("v1.0.0");
    expect(await latest()).toBe("v1.0.0");
    await publish("v2.0.0", "true");
    await publish("v1.0.1", "false");
    await publish("v3.0.0-rc.1", "false", true);
    expect(await latest()).toBe("v2.0.0");
    await octokit.rest.repos.updateRelease({ ...at, release_id: first, make_latest: "true" });
    expect(await latest()).toBe("v1.0.0");
    await expect(publish("v3.0.0-rc.2", "true", true)).rejects.toMatchObject({ status: 422 });
    await expect(octokit.rest.repos.getReleaseByTag({ ...at, tag: "v3.0.0-rc.2" })).rejects.toMatchObject({
      status: 404,
    });
  });
});

test("an asset that takes long holds nothing else up", async () => {
  const at = { owner, repo: "slow" };
  await octokit.rest.repos.createInOrg({ org: owner, name: "slow", auto_init: true });
  const { data: draft } = await octokit.rest.repos.createRelease({ ...at, tag_name: "v1.0.0", draft: true });
  const { baseUrl, token } = github.description;
  const slow = request(`${baseUrl}/repos/hypriot/slow/releases/${draft.id}/assets?name=slow`, {
    method: "POST",
    headers: { authorization: `token ${token}`, "content-length": 2 },
  });
  slow.on("error", () => undefined);
  slow.write("a");
  const assets = async () =>
    (await octokit.rest.repos.listReleaseAssets({ ...at, release_id: draft.id })).data;
  while ((await assets()).length === 0);
  await octokit.rest.repos.updateRelease({ ...at, release_id: draft.id, name: "Slow" });
  expect(await assets()).toMatchObject([{ name: "slow", state: "starter" }]);
  // What breaks off blocks its name until it is deleted.
  slow.destroy();
  const again = { ...at, release_id: draft.id, name: "slow", data: "ab", baseUrl };
  await expect(octokit.rest.repos.uploadReleaseAsset(again)).rejects.toMatchObject({ status: 422 });
});
