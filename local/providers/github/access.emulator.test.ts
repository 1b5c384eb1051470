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

describe("webhooks, labels and teams", () => {
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
    const state = await at.steps.create(TYPES.webhook, args);
    expect(state.id).toMatch(/^\d+$/);
    expect(state.outputs.url).toMatch(new RegExp(`/repos/${at.owner}/${repo}/hooks/${state.id}$`));
    expect((await at.steps.refreshed(TYPES.webhook, state)).inputs).toEqual(state.inputs);

    const hook_id = Number(state.id);
    const config = { url: "http://127.0.0.1:9/elsewhere", content_type: "json" };
    await at.api.rest.repos.updateWebhook({
      owner: at.owner,
      repo,
      hook_id,
      active: false,
      events: ["push"],
      config,
    });
    expect(await at.steps.repaired(TYPES.webhook, state, args)).toEqual([
      "active",
      "configuration.url",
      "events",
    ]);

    const imported = await at.provider.read(TYPES.webhook, `${repo}/${state.id}`);
    expect(imported).toMatchObject({
      id: state.id,
      inputs: {
        repository: repo,
        active: true,
        configuration: { url: args.configuration.url, contentType: "json" },
      },
    });
    const moved = await at.steps.change(TYPES.webhook, state, { ...args, repository: "elsewhere" });
    expect(moved.diff.replaces).toEqual(["repository"]);

    // The same URL again is what an interrupted run left.
    expect((await at.steps.create(TYPES.webhook, args)).id).toBe(state.id);
    await at.api.rest.repos.deleteWebhook({ owner: at.owner, repo, hook_id });
    expect(await at.steps.gone(TYPES.webhook, state)).toBe(true);
    await at.provider.delete(TYPES.webhook, state);
  });

  it("IssueLabel: one of many, repaired in place, deleted twice", async () => {
    const args = {
      repository: repo,
      name: "approved",
      color: "0E8A16",
      description: "A maintainer lets it build",
    };
    await at.api.rest.issues.createLabel({ owner: at.owner, repo, name: "mine", color: "ffffff" });
    const state = await at.steps.create(TYPES.label, args);
    expect(state.id).toBe(`${repo}:approved`);
    const names = async () =>
      (await at.api.rest.issues.listLabelsForRepo({ owner: at.owner, repo })).data.map(({ name }) => name);
    expect(await names()).toEqual(expect.arrayContaining(["approved", "mine"]));
    expect((await at.steps.refreshed(TYPES.label, state)).inputs).toEqual(state.inputs);

    await at.api.rest.issues.updateLabel({ owner: at.owner, repo, name: "approved", color: "000000" });
    expect(await at.steps.repaired(TYPES.label, state, args)).toEqual(["color"]);
    // Where it is already, it is taken up: an interrupted run left it.
    expect((await at.steps.create(TYPES.label, args)).id).toBe(state.id);
    expect(await at.provider.read(TYPES.label, state.id)).toMatchObject({
      inputs: { repository: repo, name: "approved", description: args.description },
    });
    const moved = await at.steps.change(TYPES.label, state, { ...args, name: "other" });
    expect(moved.diff.replaces).toEqual(["name"]);
    await at.steps.deletedTwice(TYPES.label, state);
    expect(await names()).toContain("mine");
  });

  it("TeamRepository: by slug, permission repaired, imported by slug, deleted twice", async () => {
    const args = { teamId: "maintainers", repository: repo, permission: "maintain" };
    const state = await at.steps.create(TYPES.team, args);
    const team = await at.provider.invoke("github:index/getTeam:getTeam", { slug: "maintainers" });
    expect(team).toMatchObject({ slug: "maintainers", members: ["maintainer"], repositories: [repo] });
    expect(state.id).toBe(`${team.id}:${repo}`);
    expect((await at.steps.refreshed(TYPES.team, state)).inputs).toEqual(state.inputs);

    const link = { org: at.owner, team_slug: "maintainers", owner: at.owner, repo };
    await at.api.rest.teams.addOrUpdateRepoPermissionsInOrg({ ...link, permission: "push" });
    expect((await at.steps.refreshed(TYPES.team, state)).inputs).toEqual({ ...args, permission: "push" });
    expect(await at.steps.repaired(TYPES.team, state, args)).toEqual(["permission"]);
    expect(await at.provider.read(TYPES.team, `maintainers:${repo}`)).toMatchObject({
      id: state.id,
      inputs: { teamId: team.id, permission: "maintain" },
    });
    await at.steps.deletedTwice(TYPES.team, state);
    await expect(at.steps.create(TYPES.team, { ...args, teamId: "nobody" })).rejects.toThrow(
      /teamId: found "nobody"/,
    );
  });
});
