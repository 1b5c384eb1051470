import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { State } from "../testing/client.ts";
import { repositoryArgs, type Stand, stand, TYPES } from "./testing/stand.ts";

const repo = "contents";
let at: Stand;
let repository: State;

beforeAll(async () => {
  at = await stand();
  repository = await at.steps.create(TYPES.repository, repositoryArgs(repo));
});
afterAll(async () => {
  await at.steps.deletedTwice(TYPES.repository, repository);
  await at.close();
});

describe("RepositoryFile", () => {
  const commits = async () => (await at.api.rest.repos.listCommits({ owner: at.owner, repo })).data.length;

  it("one commit per content, drift repaired, deleted twice", async () => {
    const args = {
      repository: repo,
      branch: "main",
      file: "board.json",
      content: '{"a":1}\n',
      commitMessage: "Board",
    };
    const before = await commits();
    const state = await at.steps.create(TYPES.file, args);
    expect(state.id).toBe(`${repo}:board.json:main`);
    expect(await commits()).toBe(before + 1);
    const read = await at.steps.refreshed(TYPES.file, state);
    expect(read.inputs).toEqual(state.inputs);
    expect(read.outputs).toEqual(state.outputs);

    const message = "Mine";
    const content = Buffer.from("{}\n").toString("base64");
    const sha = String(state.outputs.sha);
    await at.api.rest.repos.createOrUpdateFileContents({
      owner: at.owner,
      repo,
      path: "board.json",
      message,
      content,
      sha,
    });
    expect(await at.steps.repaired(TYPES.file, state, args)).toEqual(["content"]);
    expect(await commits()).toBe(before + 3);

    // The message belongs to the next commit: to change it alone commits nothing.
    const found = await at.steps.refreshed(TYPES.file, state);
    const { inputs } = await at.steps.change(TYPES.file, found, { ...args, commitMessage: "Other" });
    await at.provider.update(TYPES.file, found, inputs);
    expect(await commits()).toBe(before + 3);

    const moved = await at.steps.change(TYPES.file, found, { ...args, file: "other.json" });
    expect(moved.diff).toMatchObject({ changes: { file: "UPDATE_REPLACE" }, replaces: ["file"] });
    expect(await at.provider.read(TYPES.file, `${repo}/board.json`)).toMatchObject({
      id: state.id,
      inputs: { repository: repo, file: "board.json", branch: "main", content: args.content },
    });
    await at.steps.deletedTwice(TYPES.file, found);
  });

  it("overwrites nothing that it was not told to, and no commit that nobody has seen", async () => {
    const args = { repository: repo, branch: "main", file: "README.md", content: "Ours\n" };
    await expect(at.steps.create(TYPES.file, args)).rejects.toThrow(
      /README.md exists on main; set overwriteOnCreate/,
    );
    const state = await at.steps.create(TYPES.file, { ...args, overwriteOnCreate: true });
    const content = Buffer.from("Theirs\n").toString("base64");
    const sha = String(state.outputs.sha);
    await at.api.rest.repos.createOrUpdateFileContents({
      owner: at.owner,
      repo,
      path: "README.md",
      message: "m",
      content,
      sha,
    });
    const { inputs } = await at.steps.change(TYPES.file, state, { ...args, content: "Ours again\n" });
    await expect(at.provider.update(TYPES.file, state, inputs)).rejects.toThrow(/409/);
  });
});
