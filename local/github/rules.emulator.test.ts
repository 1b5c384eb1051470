import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Git, TestGitHub } from "./tests/harness.ts";

let github: TestGitHub;
let octokit: Octokit;
let appToken: string;
let git: Git;
let at: { owner: string; repo: string };
let count = 0;

beforeAll(async () => {
  github = await TestGitHub.start();
  octokit = github.octokit();
  appToken = await github.appToken();
});

afterAll(() => github.remove());

beforeEach(async () => {
  at = { owner: "hypriot", repo: `rules-${++count}` };
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  git = await github.clone(`hypriot/${at.repo}`);
});

async function commit(file: string): Promise<string> {
  writeFileSync(join(git.folder, file), `${file}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${file}`);
  return git("rev-parse", "HEAD");
}

async function push(...args: string[]): Promise<string> {
  return git("push", "--quiet", ...args).then(
    () => "pushed",
    (error: Error & { stderr?: string }) => error.stderr ?? "",
  );
}

type Ruleset = NonNullable<Parameters<Octokit["rest"]["repos"]["createRepoRuleset"]>[0]>;

function protect(rules: Ruleset["rules"], more: Partial<Ruleset> = {}) {
  return octokit.rest.repos.createRepoRuleset({
    ...at,
    name: "protection",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    ...more,
    ...(rules === undefined ? {} : { rules }),
  });
}

const reviewed: Ruleset["rules"] = [
  {
    type: "pull_request",
    parameters: {
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: 0,
      required_review_thread_resolution: false,
    },
  },
];
const checked: Ruleset["rules"] = [
  {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: "build", integration_id: 1001 }],
    },
  },
];

test("a direct push is refused with GitHub's words, nothing of it is kept", async () => {
  const before = await git("rev-parse", "HEAD");
  await protect(reviewed);
  const refused = await commit("a.txt");
  const said = await push("origin", "main", "main:other");
  expect(said).toContain("GH013: Repository rule violations found for refs/heads/main.");
  expect(said).toContain("- Changes must be made through a pull request.");
  expect(await git("ls-remote", "origin")).toBe(`${before}\tHEAD\n${before}\trefs/heads/main`);
  await expect(octokit.rest.git.getCommit({ ...at, commit_sha: refused })).rejects.toMatchObject({
    status: 404,
  });
  expect(await push("origin", "main:topic")).toBe("pushed");
});

test("REST is refused the same: contents, refs", async () => {
  await protect(reviewed);
  const sha = await commit("a.txt");
  await push("origin", "main:topic");
  const content = { ...at, path: "a", message: "a", content: "" };
  await expect(octokit.rest.repos.createOrUpdateFileContents(content)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining("Changes must be made through a pull request."),
  });
  await expect(octokit.rest.git.updateRef({ ...at, ref: "heads/main", sha })).rejects.toMatchObject({
    status: 422,
  });
  const main = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
  expect(main.data.object.sha).toBe(await git("rev-parse", "HEAD^"));
});

test("who is listed bypasses, with git and over REST; others do not", async () => {
  await protect(reviewed, {
    bypass_actors: [{ actor_id: 1001, actor_type: "Integration", bypass_mode: "always" }],
  });
  const sha = await commit("a.txt");
  expect(await push("origin", "main")).toContain("GH013");
  expect(await push(github.cloneUrl(`hypriot/${at.repo}`, appToken), "main")).toBe("pushed");
  const content = { ...at, path: "a", message: "a", content: "" };
  await github.octokit(appToken).rest.repos.createOrUpdateFileContents(content);
  const commits = await octokit.rest.repos.listCommits(at);
  expect(commits.data[1]?.sha).toBe(sha);
});

test.each([
  ["OrganizationAdmin", 1],
  ["RepositoryRole", 5],
] as const)("%s as bypass actor lets an owner push", async (actor_type, actor_id) => {
  await protect(reviewed, { bypass_actors: [{ actor_id, actor_type, bypass_mode: "always" }] });
  await commit("a.txt");
  expect(await push("origin", "main")).toBe("pushed");
});

test("a bypass for pull requests is none for pushes", async () => {
  await protect(reviewed, {
    bypass_actors: [{ actor_id: 1, actor_type: "OrganizationAdmin", bypass_mode: "pull_request" }],
  });
  await commit("a.txt");
  expect(await push("origin", "main")).toContain("GH013");
});

test.each(["disabled", "evaluate"] as const)("a ruleset that is %s refuses nothing", async (enforcement) => {
  await protect(reviewed, { enforcement });
  await commit("a.txt");
  expect(await push("origin", "main")).toBe("pushed");
});

test("force pushes, deletions and merge commits are refused where the rules say so", async () => {
  await protect([{ type: "non_fast_forward" }, { type: "deletion" }, { type: "required_linear_history" }], {
    conditions: { ref_name: { include: ["refs/heads/release/*"], exclude: [] } },
  });
  await commit("a.txt");
  expect(await push("origin", "main:release/1")).toBe("pushed");
  await git("commit", "--quiet", "--amend", "-m", "Other");
  expect(await push("--force", "origin", "main:release/1")).toContain(
    "Cannot force-push to this protected ref.",
  );
  expect(await push("origin", "--delete", "release/1")).toContain("Cannot delete this protected ref.");
  await git("reset", "--quiet", "--hard", "origin/release/1");
  await git("checkout", "--quiet", "-b", "side", "HEAD^");
  await commit("b.txt");
  await git("checkout", "--quiet", "main");
  await git("merge", "--quiet", "--no-edit", "side");
  expect(await push("origin", "main:release/1")).toContain("must not contain merge commits");
  expect(await push("origin", "main:release/1/deeper")).not.toContain("GH013");
});

test("tags are protected by tag rulesets, and their names can be prescribed", async () => {
  await protect(
    [
      { type: "update" },
      { type: "deletion" },
      { type: "tag_name_pattern", parameters: { operator: "regex", pattern: "^v\\d+\\.\\d+\\.\\d+" } },
    ],
    {
      target: "tag",
      conditions: { ref_name: { include: ["refs/tags/v*"], exclude: [] } },
    },
  );
  await git("tag", "v1.0.0");
  await git("tag", "vnext");
  await git("tag", "free");
  expect(await push("origin", "v1.0.0", "free")).toBe("pushed");
  expect(await push("origin", "vnext")).toContain("vnext must match: regex");
  await commit("a.txt");
  await git("tag", "--force", "v1.0.0");
  await git("tag", "--force", "free");
  expect(await push("--force", "origin", "v1.0.0")).toContain("Cannot update this protected ref.");
  expect(await push("origin", "--delete", "v1.0.0")).toContain("Cannot delete this protected ref.");
  expect(await push("--force", "origin", "free")).toBe("pushed");
});

test("rulesets are kept as given, listed, changed, and shown per branch", async () => {
  const { data } = await protect([{ type: "deletion" }, ...checked]);
  expect(data.current_user_can_bypass).toBe("never");
  const found = await octokit.rest.repos.getRepoRuleset({ ...at, ruleset_id: data.id });
  expect(found.data).toEqual(data);
  const rules = await octokit.rest.repos.getBranchRules({ ...at, branch: "main" });
  expect(rules.data.map(({ type }) => type)).toEqual(["deletion", "required_status_checks"]);
  expect((await octokit.rest.repos.getBranchRules({ ...at, branch: "other" })).data).toEqual([]);
  const changed = await octokit.rest.repos.updateRepoRuleset({
    ...at,
    ruleset_id: data.id,
    enforcement: "disabled",
  });
  expect(changed.data).toMatchObject({ enforcement: "disabled", rules: data.rules });
  await octokit.rest.repos.deleteRepoRuleset({ ...at, ruleset_id: data.id });
  expect((await octokit.rest.repos.getRepoRulesets(at)).data).toEqual([]);
  const wrong = octokit.request("POST /repos/{owner}/{repo}/rulesets", {
    ...at,
    name: "x",
    enforcement: "strict",
    rules: [{ type: "nonsense" }],
  } as never);
  const error: unknown = await wrong.catch((failed: unknown) => failed);
  expect(error).toMatchObject({ status: 422 });
  const { errors } = (error as { response: { data: { errors: { field: string; message: string }[] } } })
    .response.data;
  expect(errors.map(({ field }) => field)).toEqual(["enforcement", "rules.0.type"]);
  expect(errors[0]?.message).toContain('enforcement: found "strict"; ');
});
