import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RUN, type Stand, stand, TYPES } from "./testing/stand.ts";

let at: Stand;

beforeAll(async () => {
  at = await stand();
});
afterAll(async () => {
  await at.close();
});

describe("Network", () => {
  const args = {
    name: `${RUN}-net`,
    internal: true,
    labels: [
      { label: "run", value: RUN },
      { label: "a", value: "1" },
    ],
  };
  it("is made, read without a change, replaced for any change, and deleted twice", async () => {
    const state = await at.steps.create(TYPES.network, args);
    expect(state.outputs).toMatchObject({ driver: "bridge", internal: true, scope: "local" });
    expect((await at.steps.refreshed(TYPES.network, state)).inputs).toEqual(state.inputs);
    const { diff } = await at.steps.change(TYPES.network, state, { ...args, internal: false });
    expect(diff).toEqual({
      changes: { internal: "UPDATE_REPLACE" },
      replaces: ["internal"],
      deleteBeforeReplace: true,
    });
    const imported = await at.provider.read(TYPES.network, args.name);
    expect(imported).toMatchObject({ id: state.id, inputs: { name: args.name, internal: true } });
    await at.provider.delete(TYPES.network, state);
    expect(await at.steps.gone(TYPES.network, state)).toBe(true);
    await at.provider.delete(TYPES.network, state);
  });
  it("takes up the very same network that an interrupted run left behind", async () => {
    const left = await at.steps.create(TYPES.network, args);
    expect((await at.steps.create(TYPES.network, args)).id).toBe(left.id);
    await at.provider.delete(TYPES.network, left);
  });
  it("is seen without its labels when somebody made it anew by hand", async () => {
    const state = await at.steps.create(TYPES.network, args);
    await at.docker.getNetwork(state.id).remove();
    await at.docker.createNetwork({ Name: args.name });
    expect(await at.steps.gone(TYPES.network, state)).toBe(true);
    await expect(at.steps.create(TYPES.network, args)).rejects.toThrow(/exists already.*differs in/);
    await at.docker.getNetwork(args.name).remove();
  });
});

describe("Volume", () => {
  const args = { name: `${RUN}-vol`, labels: [{ label: "run", value: RUN }] };
  it("is made, read without a change, and deleted twice", async () => {
    const state = await at.steps.create(TYPES.volume, args);
    expect(state).toMatchObject({ id: args.name, outputs: { driver: "local" } });
    expect((await at.steps.refreshed(TYPES.volume, state)).inputs).toEqual(state.inputs);
    await at.provider.delete(TYPES.volume, state);
    expect(await at.steps.gone(TYPES.volume, state)).toBe(true);
    await at.provider.delete(TYPES.volume, state);
  });
  it("takes up the very same volume that an interrupted run left behind, and no other", async () => {
    const left = await at.steps.create(TYPES.volume, args);
    expect((await at.steps.create(TYPES.volume, args)).id).toBe(left.id);
    const other = { ...args, labels: [{ label: "run", value: "other" }] };
    await expect(at.steps.create(TYPES.volume, other)).rejects.toThrow(/differs in labels/);
    await at.provider.delete(TYPES.volume, left);
  });
});
