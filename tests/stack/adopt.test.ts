import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Clone } from "../support/clone.ts";
import { openStack } from "../support/engine.ts";
import { TestStack } from "../support/test-stack.ts";

// One story: an organization with repositories of its own is taken over, and keeps all that people made.
let stack: TestStack;
const at = { owner: "hypriot", repo: "image-builder-rpi" };
const rootfs = { owner: "hypriot", repo: "os-rootfs" };

vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  stack = await TestStack.create("adopt");
  await openStack(stack);
  await imageBuilder();
  await stack.github.rest.repos.createInOrg({ org: "hypriot", name: rootfs.repo, auto_init: true });
  await stack.github.rest.repos.createInOrg({
    org: "hypriot",
    name: "image-builder-odroid-c2",
    auto_init: true,
  });
  await stack.github.rest.repos.createInOrg({ org: "hypriot", name: "website", auto_init: true });
}, 300_000);
afterAll(() => stack.remove(), 300_000);

/** A repository as people kept it for years: history, tags, issues, releases, labels, a webhook, a protected branch. */
async function imageBuilder(): Promise<void> {
  const { rest } = stack.github;
  await rest.repos.createInOrg({
    org: at.owner,
    name: at.repo,
    description: "Build SD card image for Raspberry Pi",
    homepage: "https://blog.example/",
    auto_init: true,
    has_wiki: true,
  });
  await rest.repos.replaceAllTopics({ ...at, names: ["raspberry-pi"] });
  const clone = await Clone.of(stack, at.repo);
  await clone.commit("First", { "build.sh": "#!/bin/sh\n", "board.json": '{"by": "hand"}\n' });
  await clone.commit("Second", { "build.sh": "#!/bin/bash\n" });
  await clone.push("main");
  await clone.push("develop");
  await clone.git("tag", "v0.9.0");
  await clone.git("push", "--quiet", "origin", "v0.9.0");
  await rest.repos.createRelease({ ...at, tag_name: "v0.9.0", name: "Barbossa", body: "Arr" });
  await rest.issues.createLabel({ ...at, name: "board: zero", color: "123456" });
  await rest.issues.create({ ...at, title: "No wifi", body: "On a Zero", labels: ["board: zero"] });
  await rest.issues.createLabel({ ...at, name: "Ok-To-Build", color: "ffffff" });
  await rest.repos.createWebhook({
    ...at,
    events: ["push"],
    config: { url: "http://127.0.0.1:9/secret-path", content_type: "json" },
  });
  await rest.repos.updateBranchProtection({
    ...at,
    branch: "main",
    required_pull_request_reviews: { required_approving_review_count: 1 },
    required_status_checks: null,
    enforce_admins: true,
    restrictions: null,
  });
  await rest.repos.createRepoRuleset({
    ...at,
    name: "releases stay",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/tags/*"], exclude: [] } },
    rules: [{ type: "deletion" }],
  });
  await rest.teams.addOrUpdateRepoPermissionsInOrg({
    org: at.owner,
    team_slug: "maintainers",
    ...at,
    permission: "push",
  });
}

/** What people made, and what must be the same afterwards, byte for byte. */
async function made() {
  const { rest } = stack.github;
  const { data: repository } = await rest.repos.get(at);
  const clone = await Clone.of(stack, at.repo, "develop");
  const hooks = (await rest.repos.listWebhooks(at)).data.filter(({ config }) => config.url?.includes(":9/"));
  return {
    id: repository.id,
    created: repository.created_at,
    history: await clone.git("log", "--format=%H %an %s"),
    develop: (await rest.repos.getBranch({ ...at, branch: "develop" })).data.commit.sha,
    tags: (await rest.repos.listTags(at)).data.map(({ name, commit }) => [name, commit.sha]),
    issues: (await rest.issues.listForRepo({ ...at, state: "all" })).data,
    releases: (await rest.repos.listReleases(at)).data,
    labels: (await rest.issues.listLabelsForRepo(at)).data.filter(({ name }) => name === "board: zero"),
    hook: hooks.map(({ id, active, events, config }) => ({ id, active, events, config })),
    ruleset: (await rest.repos.getRepoRulesets(at)).data.find(({ name }) => name === "releases stay"),
  };
}

/** The settings that GitHub tells of a repository. */
async function settings(): Promise<Record<string, unknown>> {
  const { data } = await stack.github.rest.repos.get(at);
  const moving = ["updated_at", "pushed_at", "size", "permissions", "owner", "organization", "has_downloads"];
  return Object.fromEntries(Object.entries(data).filter(([key]) => !moving.includes(key)));
}

const adopted = (entry: readonly string[]) =>
  stack.edit((config) => config.setIn(["config", ...entry, "adopt"], true));

describe("npm run adopt", () => {
  it("says all that stands in the way, and changes nothing", async () => {
    const before = [await made(), await settings()];
    const { code, output } = await stack.try("adopt");
    expect(code).toBe(3);
    expect(output).toContain("`image-builder-rpi` (boards.raspberry-pi) **refused**");
    expect(output).toContain("give hypriotos:boards.raspberry-pi `adopt: true` in the stack file");
    expect(output).toContain("`os-rootfs` (rootfs) **refused**");
    expect(output).toContain("the branch protection of main wants a pull request of the program's commits");
    expect(output).toContain("label ok-to-build exists");
    expect(output).toContain("- `image-builder-odroid-c2`");
    expect(output).not.toContain("website");
    expect(output).not.toContain("secret-path");
    expect(output).toContain("Nothing was written to GitHub or AWS.");
    expect([await made(), await settings()]).toEqual(before);
    expect(await stack.resources()).toEqual([]);
  });

  it("shows what would change once all is put right", async () => {
    const { rest } = stack.github;
    adopted(["hypriotos:boards", "raspberry-pi"]);
    adopted(["hypriotos:rootfs"]);
    await rest.repos.deleteBranchProtection({ ...at, branch: "main" });
    await rest.issues.updateLabel({ ...at, name: "Ok-To-Build", new_name: "reviewed" });
    const { code, output } = await stack.try("adopt");
    expect(output).toContain("- webhooks to 127.0.0.1:9");
    expect(output).toContain("- rulesets releases stay: they hold beside the program's");
    expect(output).toContain("- board.json: exists, and is replaced by a commit");
    expect(output).toContain("- team maintainers: push → maintain");
    expect(output).toContain("2 to import");
    expect(output).toContain("- import `Repository raspberry-pi`");
    expect(output).toContain("  - `hasWiki`: `true` → `false`");
    expect(output).toMatch(/ {2}- `topics`: `\["raspberry-pi"\]` → `\["hypriotos","image"\]`/);
    expect(output).toContain("Nothing is deleted or replaced. Next: npm run up -- --stack ");
    expect(code).toBe(0);
  });
});

describe("npm run up", () => {
  it("keeps all that people made, and changes just what was shown", async () => {
    const { output } = await stack.try("adopt");
    const [, section = ""] = /- import `Repository raspberry-pi`\n((?: {2}- .*\n)+)/.exec(output) ?? [];
    const shown = [...section.matchAll(/^ {2}- `(\w+)`/gm)].map(([, name]) => name).sort();
    const [before, old] = [await made(), await settings()];
    await stack.run("up");
    expect(await made()).toEqual(before);
    const now = await settings();
    const changed = Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(old[key]));
    const inputs = changed.map((key) => FIELDS[key] ?? key).sort();
    expect(inputs).toEqual(shown);
    const { data } = await stack.github.rest.repos.listCommits({ ...at, sha: "main", per_page: 3 });
    expect(data.map(({ commit }) => commit.message)).toEqual([
      "Update release-key.pem from the key that signs releases",
      "Update board.json from the pipeline's config",
      "Second",
    ]);
  });

  it("has nothing more to do, with adopt and without", async () => {
    expect(await stack.run("up")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    stack.edit((config) => {
      config.deleteIn(["config", "hypriotos:boards", "raspberry-pi", "adopt"]);
      config.deleteIn(["config", "hypriotos:rootfs", "adopt"]);
    });
    const { code, output } = await stack.try("adopt");
    expect(output).toContain("`image-builder-odroid-c2`");
    expect(output).not.toContain("image-builder-rpi");
    expect(code).toBe(0);
    const before = [await made(), await settings()];
    await stack.run("up");
    expect([await made(), await settings()]).toEqual(before);
  });
});

/** GitHub's fields that the program has another name for. */
const FIELDS: Readonly<Record<string, string>> = {
  homepage: "homepageUrl",
  has_wiki: "hasWiki",
  has_projects: "hasProjects",
  allow_merge_commit: "allowMergeCommit",
  allow_rebase_merge: "allowRebaseMerge",
  delete_branch_on_merge: "deleteBranchOnMerge",
};
