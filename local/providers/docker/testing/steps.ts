import { expect } from "vitest";
import type { PropertyMap } from "../../framework/values.ts";
import type { State, TestClient } from "../../testing/client.ts";

/** What the engine does with one provider, step by step, with the assertions that hold for every resource. */
export function steps(provider: TestClient) {
  async function check(type: string, given: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await provider.check(type, given);
    expect(failures).toEqual([]);
    return inputs;
  }

  /** Check first, then create with what check gave. */
  async function create(type: string, given: PropertyMap): Promise<State> {
    return await provider.create(type, await check(type, given));
  }

  async function change(type: string, state: State, given: PropertyMap) {
    const inputs = await check(type, given);
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

  return { check, create, change, refreshed, repaired, gone, deletedTwice };
}
