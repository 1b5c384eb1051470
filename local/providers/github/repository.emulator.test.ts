import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryArgs, type Stand, stand, TYPES } from "./testing/stand.ts";

let at: Stand;

beforeAll(async () => {
  at = await stand();
});
afterAll(async () => {
  await at.close();
});

describe("Repository", () => {
  it("is made with its settings, and read without a change", async () => {
    const state = await at.steps.create(TYPES.repository, repositoryArgs("plain"));
    expect(state).toMatchObject({
      id: "plain",
      outputs: {
        fullName: `${at.owner}/plain`,
        htmlUrl: `${at.baseUrl}/${at.owner}/plain`,
        httpCloneUrl: `${at.baseUrl}/${at.owner}/plain.git`,
        defaultBranch: "main",
        visibility: "public",
      },
    });
    const { data } = await at.api.rest.repos.get({ owner: at.owner, repo: "plain" });
    expect(data).toMatchObject({
      id: state.outputs.repoId,
      description: "An image",
      topics: ["hypriotos", "arm64"],
      has_wiki: false,
      allow_merge_commit: false,
      allow_squash_merge: true,
      delete_branch_on_merge: true,
    });
    const read = await at.steps.refreshed(TYPES.repository, state);
    expect(read.inputs).toEqual(state.inputs);
    expect(read.outputs).toEqual(state.outputs);
    await at.steps.deletedTwice(TYPES.repository, state);
  });

  it("shows every setting that somebody changed, and sets it back", async () => {
    const args = repositoryArgs("drifting");
    const state = await at.steps.create(TYPES.repository, args);
    const repo = "drifting";
    await at.api.rest.repos.update({
      owner: at.owner,
      repo,
      description: "Mine",
      has_wiki: true,
      allow_merge_commit: true,
    });
    await at.api.rest.repos.update({ owner: at.owner, repo, private: true, delete_branch_on_merge: false });
    await at.api.rest.repos.replaceAllTopics({ owner: at.owner, repo, names: ["arm64"] });
    expect(await at.steps.repaired(TYPES.repository, state, args)).toEqual([
      "allowMergeCommit",
      "deleteBranchOnMerge",
      "description",
      "hasWiki",
      "topics",
      "visibility",
    ]);
    await at.steps.deletedTwice(TYPES.repository, state);
  });

  it("is renamed in place", async () => {
    const state = await at.steps.create(TYPES.repository, repositoryArgs("old-name"));
    const { inputs, diff } = await at.steps.change(TYPES.repository, state, repositoryArgs("new-name"));
    expect(diff).toEqual({ changes: { name: "UPDATE" }, replaces: [], deleteBeforeReplace: false });
    const renamed = await at.provider.update(TYPES.repository, state, inputs);
    expect(renamed.outputs).toMatchObject({ repoId: state.outputs.repoId, fullName: `${at.owner}/new-name` });
    expect((await at.steps.refreshed(TYPES.repository, renamed)).inputs).toEqual(inputs);
    await at.steps.deletedTwice(TYPES.repository, renamed);
  });

  it("is found, and named as the program says, when somebody renamed it", async () => {
    const args = repositoryArgs("ours");
    const state = await at.steps.create(TYPES.repository, args);
    await at.api.rest.repos.update({ owner: at.owner, repo: "ours", name: "theirs" });
    expect(await at.steps.repaired(TYPES.repository, state, args)).toEqual(["name"]);
    await at.steps.deletedTwice(TYPES.repository, state);
  });

  it("is made from a template, with the template's files, and read without a change", async () => {
    const template = await at.steps.create(
      TYPES.repository,
      repositoryArgs("template", { isTemplate: true }),
    );
    const file = await at.steps.create(TYPES.file, {
      repository: "template",
      file: "Makefile",
      content: "all:\n",
    });
    const { autoInit: _, ...args } = repositoryArgs("board", {
      visibility: "private",
      template: { owner: at.owner, repository: "template" },
    });
    const state = await at.steps.create(TYPES.repository, args);
    expect(state.outputs).toMatchObject({ visibility: "private", private: true });
    const { data } = await at.api.rest.repos.getContent({ owner: at.owner, repo: "board", path: "Makefile" });
    expect(data).toMatchObject({ sha: file.outputs.sha });
    expect((await at.steps.refreshed(TYPES.repository, state)).inputs).toEqual(state.inputs);

    // Made, but never recorded and not finished: the next run takes it up.
    await at.api.rest.repos.update({ owner: at.owner, repo: "board", description: "", has_wiki: true });
    const taken = await at.steps.create(TYPES.repository, args);
    expect(taken.outputs.repoId).toBe(state.outputs.repoId);
    expect((await at.steps.refreshed(TYPES.repository, taken)).inputs).toEqual(state.inputs);
    await at.steps.deletedTwice(TYPES.repository, taken);
    await at.steps.deletedTwice(TYPES.repository, template);
  });

  it("takes up the very same repository that an interrupted run left behind", async () => {
    const left = await at.steps.create(TYPES.repository, repositoryArgs("left"));
    const taken = await at.steps.create(TYPES.repository, repositoryArgs("left"));
    expect(taken.outputs.repoId).toBe(left.outputs.repoId);
    await at.steps.deletedTwice(TYPES.repository, taken);
  });

  it("is refused where another of this name is somebody's", async () => {
    await at.api.rest.repos.createInOrg({ org: at.owner, name: "taken", description: "Somebody's work" });
    await expect(at.steps.create(TYPES.repository, repositoryArgs("taken"))).rejects.toThrow(
      /taken exists already.*differs in.*description/,
    );
    await at.api.rest.repos.delete({ owner: at.owner, repo: "taken" });
  });

  it("is imported by its name", async () => {
    const args = repositoryArgs("known");
    const state = await at.steps.create(TYPES.repository, args);
    const imported = await at.provider.read(TYPES.repository, "known");
    const { autoInit: _, ...inputs } = state.inputs;
    expect(imported).toEqual({ id: "known", inputs, outputs: { ...inputs, ...imported?.outputs } });
    expect(imported?.outputs.repoId).toBe(state.outputs.repoId);
    expect(await at.provider.read(TYPES.repository, "unknown")).toBeUndefined();
    await at.steps.deletedTwice(TYPES.repository, state);
  });

  it("is archived and not deleted, where the program says so", async () => {
    const state = await at.steps.create(TYPES.repository, repositoryArgs("kept", { archiveOnDestroy: true }));
    await at.provider.delete(TYPES.repository, state);
    const { data } = await at.api.rest.repos.get({ owner: at.owner, repo: "kept" });
    expect(data.archived).toBe(true);
    await at.api.rest.repos.delete({ owner: at.owner, repo: "kept" });
    await at.provider.delete(TYPES.repository, state);
  });

  it("refuses at check what GitHub would refuse", async () => {
    const { failures } = await at.provider.check(TYPES.repository, {
      name: "two words",
      visibility: "secret",
      topics: ["Upper"],
      hasWikis: true,
    });
    expect(failures.map(({ property }) => property)).toEqual(["hasWikis", "name", "visibility", "topics[0]"]);
  });
});
