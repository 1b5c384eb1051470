import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestGitHub } from "../local/github/tests/harness.ts";
import { GithubApp, githubStatus } from "./github-app.ts";
import { GithubRepository } from "./github-repository.ts";

let github: TestGitHub;
let head: string;

beforeAll(async () => {
  github = await TestGitHub.start();
  const octokit = github.octokit();
  for (const name of ["one", "two"]) {
    await octokit.rest.repos.createInOrg({ org: "hypriot", name, auto_init: true });
  }
  const branch = await octokit.rest.repos.getBranch({ owner: "hypriot", repo: "one", branch: "main" });
  head = branch.data.commit.sha;
});
afterAll(() => github.remove());

const goodKey = () => readFileSync(github.description.app.privateKeyFile, "utf8");

function app(privateKey: () => Promise<string>): GithubApp {
  const { baseUrl, app } = github.description;
  return new GithubApp({ access: { apiUrl: baseUrl, appId: app.id }, organization: "hypriot", privateKey });
}

const check = { name: "hypriotos/build", externalId: "builds/one/x#1" };
const queued = { status: "queued", title: "Queued", summary: "" } as const;

it("acts as the App, with a token for one repository and what was asked for", async () => {
  const one = new GithubRepository(
    app(async () => goodKey()),
    "hypriot/one",
    { checks: "write" },
  );
  const id = await one.createCheckRun({ ...check, commit: head }, queued);
  expect(await one.checkRuns(head, check.name, github.description.app.id)).toEqual([
    { id, externalId: check.externalId, status: "queued", conclusion: null },
  ]);
  expect(await one.checkRuns(head, check.name, 7)).toEqual([]);
  // The label's removal needs another permission.
  const refused = await one.removeLabel(1, "x").catch((error: unknown) => error);
  expect(githubStatus(refused)).toBe(403);
  // A repository's token is none for another.
  const request = app(async () => goodKey()).request("hypriot/one", { checks: "write" });
  const elsewhere = await request("POST /repos/{owner}/{repo}/check-runs", {
    owner: "hypriot",
    repo: "two",
    name: check.name,
    head_sha: head,
  }).catch((error: unknown) => error);
  expect(githubStatus(elsewhere)).toBe(403);
});

it("reads a changed key again, once", async () => {
  const { privateKey: other } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const keys = [other, goodKey()];
  const one = new GithubRepository(
    app(async () => keys.shift() ?? ""),
    "hypriot/one",
    { checks: "write" },
  );
  await one.createCheckRun({ ...check, commit: head }, queued);
  expect(keys).toEqual([]);
  const bad = [other, other, goodKey()];
  const never = new GithubRepository(
    app(async () => bad.shift() ?? ""),
    "hypriot/one",
    { checks: "write" },
  );
  const refused = await never
    .createCheckRun({ ...check, commit: head }, queued)
    .catch((error: unknown) => error);
  expect(githubStatus(refused)).toBe(401);
  expect(bad).toHaveLength(1);
});

it("knows who may write", async () => {
  const one = new GithubRepository(
    app(async () => goodKey()),
    "hypriot/one",
    { checks: "write" },
  );
  expect(await one.mayWrite("maintainer")).toBe(true);
  expect(await one.mayWrite("contributor")).toBe(false);
  expect(await one.mayWrite("nobody")).toBe(false);
});
