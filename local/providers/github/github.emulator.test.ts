import type { Octokit } from "@octokit/rest";
import sdk from "@pulumi/github/package.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../framework/values.ts";
import { connect as connectProvider, type State, type TestClient } from "../testing/client.ts";
import { connect } from "./client.ts";
import { githubProvider } from "./provider.ts";
import { type GitHubFront, startFront } from "./testing/front.ts";

const REPOSITORY = "github:index/repository:Repository";
const FILE = "github:index/repositoryFile:RepositoryFile";
const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
const WEBHOOK = "github:index/repositoryWebhook:RepositoryWebhook";
const LABELS = "github:index/issueLabels:IssueLabels";
const TEAM = "github:index/teamRepository:TeamRepository";

let front: GitHubFront;
let provider: TestClient;
/** Somebody else, who changes things behind the program's back. */
let api: Octokit;
let owner: string;

beforeAll(async () => {
  front = await startFront();
  owner = front.organization;
  const config = { baseUrl: front.baseUrl, owner, token: front.token };
  provider = await connectProvider(githubProvider(sdk.version, {}), config);
  await provider.configure();
  ({ api } = connect(config, {}));
});

afterAll(async () => {
  provider?.close();
  await front?.stop();
});

/** As the engine does it: check first, then create with what check gave. */
async function create(type: string, given: PropertyMap): Promise<State> {
  const { inputs, failures } = await provider.check(type, given);
  expect(failures).toEqual([]);
  return await provider.create(type, inputs);
}

async function change(type: string, state: State, given: PropertyMap) {
  const { inputs, failures } = await provider.check(type, given);
  expect(failures).toEqual([]);
  return { inputs, diff: await provider.diff(type, state, inputs) };
}

/** What a refresh puts in the state's place. */
async function refreshed(type: string, state: State): Promise<State> {
  const read = await provider.read(type, state.id, state);
  if (read === undefined) {
    throw new Error(`${type} ${state.id} is gone`);
  }
  return read;
}

/** Refreshes, then updates back to what the program gives; gives the paths that had changed. */
async function repaired(type: string, state: State, given: PropertyMap): Promise<string[]> {
  const found = await refreshed(type, state);
  const { inputs, diff } = await change(type, found, given);
  expect(diff.replaces).toEqual([]);
  const updated = await provider.update(type, found, inputs);
  expect((await refreshed(type, updated)).inputs).toEqual(inputs);
  return Object.keys(diff.changes).sort();
}

async function gone(type: string, state: State): Promise<boolean> {
  return (await provider.read(type, state.id, state)) === undefined;
}

async function deletedTwice(type: string, state: State): Promise<void> {
  await provider.delete(type, state);
  expect(await gone(type, state)).toBe(true);
  await provider.delete(type, state);
}

const repositoryArgs = (name: string, extra: PropertyMap = {}) => ({
  name,
  description: "An image",
  visibility: "public",
  topics: ["hypriotos", "arm64"],
  hasIssues: true,
  hasWiki: false,
  allowMergeCommit: false,
  allowRebaseMerge: false,
  deleteBranchOnMerge: true,
  autoInit: true,
  ...extra,
});

describe("Repository", () => {
  it("is made with its settings, and read without a change", async () => {
    const state = await create(REPOSITORY, repositoryArgs("plain"));
    expect(state).toMatchObject({
      id: "plain",
      outputs: {
        fullName: `${owner}/plain`,
        htmlUrl: `${front.baseUrl}/${owner}/plain`,
        httpCloneUrl: `${front.baseUrl}/${owner}/plain.git`,
        defaultBranch: "main",
        visibility: "public",
      },
    });
    const { data } = await api.rest.repos.get({ owner, repo: "plain" });
    expect(data).toMatchObject({
      id: state.outputs.repoId,
      description: "An image",
      topics: ["hypriotos", "arm64"],
      has_wiki: false,
      allow_merge_commit: false,
      allow_squash_merge: true,
      delete_branch_on_merge: true,
    });
    const read = await refreshed(REPOSITORY, state);
    expect(read.inputs).toEqual(state.inputs);
    expect(read.outputs).toEqual(state.outputs);
    await deletedTwice(REPOSITORY, state);
  });

  it("shows every setting that somebody changed, and sets it back", async () => {
    const args = repositoryArgs("drifting");
    const state = await create(REPOSITORY, args);
    const repo = "drifting";
    await api.rest.repos.update({
      owner,
      repo,
      description: "Mine",
      has_wiki: true,
      allow_merge_commit: true,
    });
    await api.rest.repos.update({ owner, repo, private: true, delete_branch_on_merge: false });
    await api.rest.repos.replaceAllTopics({ owner, repo, names: ["arm64"] });
    expect(await repaired(REPOSITORY, state, args)).toEqual([
      "allowMergeCommit",
      "deleteBranchOnMerge",
      "description",
      "hasWiki",
      "topics",
      "visibility",
    ]);
    await deletedTwice(REPOSITORY, state);
  });

  it("is renamed in place", async () => {
    const state = await create(REPOSITORY, repositoryArgs("old-name"));
    const { inputs, diff } = await change(REPOSITORY, state, repositoryArgs("new-name"));
    expect(diff).toEqual({ changes: { name: "UPDATE" }, replaces: [], deleteBeforeReplace: false });
    const renamed = await provider.update(REPOSITORY, state, inputs);
    expect(renamed.outputs).toMatchObject({ repoId: state.outputs.repoId, fullName: `${owner}/new-name` });
    expect((await refreshed(REPOSITORY, renamed)).inputs).toEqual(inputs);
    await deletedTwice(REPOSITORY, renamed);
  });

  it("is made from a template, with the template's files, and read without a change", async () => {
    const template = await create(REPOSITORY, repositoryArgs("template", { isTemplate: true }));
    const file = await create(FILE, { repository: "template", file: "Makefile", content: "all:\n" });
    const { autoInit: _, ...args } = repositoryArgs("board", {
      visibility: "private",
      template: { owner, repository: "template" },
    });
    const state = await create(REPOSITORY, args);
    expect(state.outputs).toMatchObject({ visibility: "private", private: true });
    const { data } = await api.rest.repos.getContent({ owner, repo: "board", path: "Makefile" });
    expect(data).toMatchObject({ sha: file.outputs.sha });
    expect((await refreshed(REPOSITORY, state)).inputs).toEqual(state.inputs);

    // Made, but never recorded and not finished: the next run takes it up.
    await api.rest.repos.update({ owner, repo: "board", description: "", has_wiki: true });
    const taken = await create(REPOSITORY, args);
    expect(taken.outputs.repoId).toBe(state.outputs.repoId);
    expect((await refreshed(REPOSITORY, taken)).inputs).toEqual(state.inputs);
    await deletedTwice(REPOSITORY, taken);
    await deletedTwice(REPOSITORY, template);
  });

  it("is refused where another of this name is somebody's", async () => {
    await api.rest.repos.createInOrg({ org: owner, name: "taken", description: "Somebody's work" });
    await expect(create(REPOSITORY, repositoryArgs("taken"))).rejects.toThrow(
      /taken exists already.*differs in.*description/,
    );
    await api.rest.repos.delete({ owner, repo: "taken" });
  });

  it("is imported by its name", async () => {
    const args = repositoryArgs("known");
    const state = await create(REPOSITORY, args);
    const imported = await provider.read(REPOSITORY, "known");
    const { autoInit: _, ...inputs } = state.inputs;
    expect(imported).toEqual({ id: "known", inputs, outputs: { ...inputs, ...imported?.outputs } });
    expect(imported?.outputs.repoId).toBe(state.outputs.repoId);
    expect(await provider.read(REPOSITORY, "unknown")).toBeUndefined();
    await deletedTwice(REPOSITORY, state);
  });

  it("is archived and not deleted, where the program says so", async () => {
    const state = await create(REPOSITORY, repositoryArgs("kept", { archiveOnDestroy: true }));
    await provider.delete(REPOSITORY, state);
    const { data } = await api.rest.repos.get({ owner, repo: "kept" });
    expect(data.archived).toBe(true);
    await api.rest.repos.delete({ owner, repo: "kept" });
    await provider.delete(REPOSITORY, state);
  });

  it("refuses at check what GitHub would refuse", async () => {
    const { failures } = await provider.check(REPOSITORY, {
      name: "two words",
      visibility: "secret",
      topics: ["Upper"],
      hasWikis: true,
    });
    expect(failures.map(({ property }) => property)).toEqual(["hasWikis", "name", "visibility", "topics[0]"]);
  });
});

describe("what is in a repository", () => {
  const repo = "contents";
  let repository: State;
  beforeAll(async () => {
    repository = await create(REPOSITORY, repositoryArgs(repo));
  });
  afterAll(async () => {
    await deletedTwice(REPOSITORY, repository);
  });

  const commits = async () => (await api.rest.repos.listCommits({ owner, repo })).data.length;

  it("RepositoryFile: one commit per content, drift repaired, deleted twice", async () => {
    const args = {
      repository: repo,
      branch: "main",
      file: "board.json",
      content: '{"a":1}\n',
      commitMessage: "Board",
    };
    const before = await commits();
    const state = await create(FILE, args);
    expect(state.id).toBe(`${repo}:board.json:main`);
    expect(await commits()).toBe(before + 1);
    const read = await refreshed(FILE, state);
    expect(read.inputs).toEqual(state.inputs);
    expect(read.outputs).toEqual(state.outputs);

    const message = "Mine";
    const content = Buffer.from("{}\n").toString("base64");
    const sha = String(state.outputs.sha);
    await api.rest.repos.createOrUpdateFileContents({
      owner,
      repo,
      path: "board.json",
      message,
      content,
      sha,
    });
    expect(await repaired(FILE, state, args)).toEqual(["content"]);
    expect(await commits()).toBe(before + 3);

    // The message belongs to the next commit: to change it alone commits nothing.
    const found = await refreshed(FILE, state);
    const { inputs } = await change(FILE, found, { ...args, commitMessage: "Other" });
    await provider.update(FILE, found, inputs);
    expect(await commits()).toBe(before + 3);

    const moved = await change(FILE, found, { ...args, file: "other.json" });
    expect(moved.diff).toMatchObject({ changes: { file: "UPDATE_REPLACE" }, replaces: ["file"] });
    expect(await provider.read(FILE, `${repo}/board.json`)).toMatchObject({
      id: state.id,
      inputs: { repository: repo, file: "board.json", branch: "main", content: args.content },
    });
    await deletedTwice(FILE, found);
  });

  it("RepositoryFile: overwrites nothing that it was not told to, and no commit that nobody has seen", async () => {
    const args = { repository: repo, branch: "main", file: "README.md", content: "Ours\n" };
    await expect(create(FILE, args)).rejects.toThrow(/README.md exists on main; set overwriteOnCreate/);
    const state = await create(FILE, { ...args, overwriteOnCreate: true });
    const content = Buffer.from("Theirs\n").toString("base64");
    const sha = String(state.outputs.sha);
    await api.rest.repos.createOrUpdateFileContents({
      owner,
      repo,
      path: "README.md",
      message: "m",
      content,
      sha,
    });
    const { inputs } = await change(FILE, state, { ...args, content: "Ours again\n" });
    await expect(provider.update(FILE, state, inputs)).rejects.toThrow(/409/);
  });

  it("RepositoryRuleset: read without a change, weakened and repaired, imported, deleted twice", async () => {
    const args = {
      name: "protect main",
      repository: repo,
      target: "branch",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/heads/main"], excludes: [] } },
      bypassActors: [
        { actorType: "OrganizationAdmin", bypassMode: "always" },
        { actorId: 1001, actorType: "Integration", bypassMode: "always" },
      ],
      rules: {
        deletion: true,
        nonFastForward: true,
        creation: false,
        pullRequest: { requiredApprovingReviewCount: 1, requireCodeOwnerReview: false },
        requiredStatusChecks: {
          requiredChecks: [{ context: "build", integrationId: 1001 }, { context: "test" }],
          strictRequiredStatusChecksPolicy: true,
        },
      },
    };
    const state = await create(RULESET, args);
    expect(state.id).toBe(String(state.outputs.rulesetId));
    expect((await refreshed(RULESET, state)).inputs).toEqual(state.inputs);

    const ruleset_id = Number(state.id);
    await api.request("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      owner,
      repo,
      ruleset_id,
      enforcement: "disabled",
      rules: [{ type: "deletion" }],
      bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
    });
    expect(await repaired(RULESET, state, args)).toEqual([
      "bypassActors",
      "enforcement",
      "rules.nonFastForward",
      "rules.pullRequest",
      "rules.requiredStatusChecks",
    ]);

    expect(await provider.read(RULESET, `${repo}:${state.id}`)).toMatchObject({
      id: state.id,
      inputs: {
        name: "protect main",
        rules: { pullRequest: { requiredApprovingReviewCount: 1 }, deletion: true },
      },
    });
    // The same again is what an interrupted run left; another of the name is somebody's.
    expect((await create(RULESET, args)).id).toBe(state.id);
    await expect(create(RULESET, { ...args, enforcement: "evaluate" })).rejects.toThrow(/unique/);
    await deletedTwice(RULESET, state);
  });

  it("RepositoryRuleset: no bypass actors means none", async () => {
    const args = {
      name: "protect tags",
      repository: repo,
      target: "tag",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/tags/v*"], excludes: [] } },
      rules: { update: true, deletion: true, nonFastForward: true },
    };
    const state = await create(RULESET, {
      ...args,
      bypassActors: [{ actorId: 1001, actorType: "Integration", bypassMode: "always" }],
    });
    const { inputs } = await change(RULESET, state, args);
    const updated = await provider.update(RULESET, state, inputs);
    expect((await refreshed(RULESET, updated)).inputs).toEqual(inputs);
    await deletedTwice(RULESET, updated);
  });

  it("RepositoryWebhook: keeps its secret in state, shows what changed, is imported, deleted twice", async () => {
    const args = {
      repository: repo,
      events: ["push", "pull_request"],
      configuration: {
        url: "http://127.0.0.1:9/hook",
        contentType: "json",
        secret: "s3cret",
        insecureSsl: false,
      },
    };
    const state = await create(WEBHOOK, args);
    expect(state.id).toMatch(/^\d+$/);
    expect(state.outputs.url).toMatch(new RegExp(`/repos/${owner}/${repo}/hooks/${state.id}$`));
    expect((await refreshed(WEBHOOK, state)).inputs).toEqual(state.inputs);

    const hook_id = Number(state.id);
    const config = { url: "http://127.0.0.1:9/elsewhere", content_type: "json" };
    await api.rest.repos.updateWebhook({ owner, repo, hook_id, active: false, events: ["push"], config });
    expect(await repaired(WEBHOOK, state, args)).toEqual(["active", "configuration.url", "events"]);

    const imported = await provider.read(WEBHOOK, `${repo}/${state.id}`);
    expect(imported).toMatchObject({
      id: state.id,
      inputs: {
        repository: repo,
        active: true,
        configuration: { url: args.configuration.url, contentType: "json" },
      },
    });
    const moved = await change(WEBHOOK, state, { ...args, repository: "elsewhere" });
    expect(moved.diff.replaces).toEqual(["repository"]);

    // The same URL again is what an interrupted run left.
    expect((await create(WEBHOOK, args)).id).toBe(state.id);
    await api.rest.repos.deleteWebhook({ owner, repo, hook_id });
    expect(await gone(WEBHOOK, state)).toBe(true);
    await provider.delete(WEBHOOK, state);
  });

  it("IssueLabels: exactly these, repaired in place, deleted twice", async () => {
    const args = {
      repository: repo,
      labels: [
        { name: "approved", color: "0E8A16", description: "A maintainer lets it build" },
        { name: "board", color: "ededed" },
      ],
    };
    await api.rest.issues.createLabel({ owner, repo, name: "extra", color: "ffffff" });
    const state = await create(LABELS, args);
    expect(state.id).toBe(repo);
    const names = async () =>
      (await api.rest.issues.listLabelsForRepo({ owner, repo })).data.map(({ name }) => name);
    expect(await names()).toEqual(["approved", "board"]);
    expect((await refreshed(LABELS, state)).inputs).toEqual(state.inputs);

    await api.rest.issues.updateLabel({ owner, repo, name: "approved", color: "000000" });
    await api.rest.issues.deleteLabel({ owner, repo, name: "board" });
    await api.rest.issues.createLabel({ owner, repo, name: "mine", color: "ffffff" });
    expect(await repaired(LABELS, state, args)).toEqual(["labels"]);
    expect(await names()).toEqual(["approved", "board"]);
    expect(await provider.read(LABELS, repo)).toMatchObject({ inputs: { repository: repo } });

    await provider.delete(LABELS, state);
    expect(await names()).toEqual([]);
    await provider.delete(LABELS, state);
  });

  it("TeamRepository: by slug, permission repaired, imported by slug, deleted twice", async () => {
    const args = { teamId: "maintainers", repository: repo, permission: "maintain" };
    const state = await create(TEAM, args);
    const team = await provider.invoke("github:index/getTeam:getTeam", { slug: "maintainers" });
    expect(team).toMatchObject({ slug: "maintainers", members: ["maintainer"], repositories: [repo] });
    expect(state.id).toBe(`${team.id}:${repo}`);
    expect((await refreshed(TEAM, state)).inputs).toEqual(state.inputs);

    const link = { org: owner, team_slug: "maintainers", owner, repo };
    await api.rest.teams.addOrUpdateRepoPermissionsInOrg({ ...link, permission: "push" });
    expect((await refreshed(TEAM, state)).inputs).toEqual({ ...args, permission: "push" });
    expect(await repaired(TEAM, state, args)).toEqual(["permission"]);
    expect(await provider.read(TEAM, `maintainers:${repo}`)).toMatchObject({
      id: state.id,
      inputs: { teamId: team.id, permission: "maintain" },
    });
    await deletedTwice(TEAM, state);
    await expect(create(TEAM, { ...args, teamId: "nobody" })).rejects.toThrow(/teamId: found "nobody"/);
  });
});
