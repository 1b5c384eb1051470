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

describe("RepositoryRuleset", () => {
  it("read without a change, weakened and repaired, imported, deleted twice", async () => {
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
    const state = await at.steps.create(TYPES.ruleset, args);
    expect(state.id).toBe(String(state.outputs.rulesetId));
    expect((await at.steps.refreshed(TYPES.ruleset, state)).inputs).toEqual(state.inputs);

    const ruleset_id = Number(state.id);
    await at.api.request("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      owner: at.owner,
      repo,
      ruleset_id,
      enforcement: "disabled",
      rules: [{ type: "deletion" }],
      bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
    });
    expect(await at.steps.repaired(TYPES.ruleset, state, args)).toEqual([
      "bypassActors",
      "enforcement",
      "rules.nonFastForward",
      "rules.pullRequest",
      "rules.requiredStatusChecks",
    ]);

    expect(await at.provider.read(TYPES.ruleset, `${repo}:${state.id}`)).toMatchObject({
      id: state.id,
      inputs: {
        name: "protect main",
        rules: { pullRequest: { requiredApprovingReviewCount: 1 }, deletion: true },
      },
    });
    // The same again is what an interrupted run left; another of the name is somebody's.
    expect((await at.steps.create(TYPES.ruleset, args)).id).toBe(state.id);
    await expect(at.steps.create(TYPES.ruleset, { ...args, enforcement: "evaluate" })).rejects.toThrow(
      /unique/,
    );
    await at.steps.deletedTwice(TYPES.ruleset, state);
  });

  it("no bypass actors means none", async () => {
    const args = {
      name: "protect tags",
      repository: repo,
      target: "tag",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/tags/v*"], excludes: [] } },
      rules: { update: true, deletion: true, nonFastForward: true },
    };
    const state = await at.steps.create(TYPES.ruleset, {
      ...args,
      bypassActors: [{ actorId: 1001, actorType: "Integration", bypassMode: "always" }],
    });
    const { inputs } = await at.steps.change(TYPES.ruleset, state, args);
    const updated = await at.provider.update(TYPES.ruleset, state, inputs);
    expect((await at.steps.refreshed(TYPES.ruleset, updated)).inputs).toEqual(inputs);
    await at.steps.deletedTwice(TYPES.ruleset, updated);
  });
});
