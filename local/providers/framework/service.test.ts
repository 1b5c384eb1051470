import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connect, type TestClient } from "../testing/client.ts";
import { AlreadyExists, afterCreate } from "./errors.ts";
import type { ResourceHandler } from "./resource.ts";
import type { PropertyMap } from "./values.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const THING = "test:index/thing:Thing";

interface ThingArgs {
  name: string;
  size?: number;
  policy?: string;
  password?: string;
  tags?: Record<string, string>;
  rules?: { days?: number; prefix?: string }[];
}

type Store = Map<string, PropertyMap>;

const thing: ResourceHandler<ThingArgs, Store> = {
  type: THING,
  properties: {
    name: { required: true, replace: true },
    size: { default: 1 },
    policy: { json: true },
    password: { writeOnly: true },
    tags: {},
    rules: { fields: { days: true, prefix: true } },
  },
  deleteBeforeReplace: true,
  secretOutputs: ["token"],
  recomputed: ["revision"],
  check: ({ size }) =>
    size !== undefined && size < 0 ? [{ property: "size", reason: `found ${size}, expected 0 or more` }] : [],
  async create(store, inputs) {
    if (store.has(inputs.name)) throw new AlreadyExists(inputs.name);
    if (inputs.size === 99)
      throw Object.assign(new Error("too large"), { name: "QuotaExceeded", status: 400 });
    store.set(inputs.name, { ...inputs });
    const outputs = { arn: `arn:${inputs.name}`, token: "t0ken", revision: 1 };
    await afterCreate(inputs.name, outputs, async () => {
      if (inputs.size === 13) throw new Error("tags refused");
    });
    return { id: inputs.name, outputs };
  },
  async read(store, id) {
    const found = store.get(id);
    if (found === undefined) return undefined;
    const { password: _, ...visible } = found;
    return { inputs: { name: id, ...visible }, outputs: { arn: `arn:${id}`, token: "t0ken", revision: 1 } };
  },
  async update(store, id, inputs) {
    store.set(id, { ...inputs });
    return { arn: `arn:${id}`, token: "t0ken", revision: 2 };
  },
  async delete(store, id) {
    store.delete(id);
  },
};

const store: Store = new Map();
let client: TestClient;

beforeAll(async () => {
  client = await connect(
    {
      name: "test",
      version: "1.2.3",
      config: { region: { kind: "text", replace: true }, endpoints: { kind: "json" } },
      configure: (config) => {
        if (config.region === undefined) throw new Error("no region: set test:region");
        return store;
      },
      resources: [thing],
      functions: [
        {
          token: "test:index/echo:echo",
          arguments: { text: { required: true } },
          call: async (_, args: { text: string }) => ({ text: args.text }),
        },
      ],
    },
    { region: "here" },
  );
  await client.configure();
});
beforeEach(() => store.clear());
afterAll(() => client.close());

test("check tells everything at once, names the nearest property, and fills defaults in", async () => {
  const { failures } = await client.check(THING, { nmae: "x", size: -1, policy: "{a", rules: [{ dais: 1 }] });
  expect(failures).toEqual([
    {
      property: "nmae",
      reason: `unknown property of ${THING} "nmae" (did you mean "name"?); the local provider knows name, size, policy, password, tags, rules`,
    },
    { property: "name", reason: 'missing required property "name"' },
    { property: "policy", reason: "found text that is no JSON, expected JSON" },
    {
      property: "rules",
      reason:
        'rules[0]: unknown property "dais" (did you mean "days"?); the local provider knows days, prefix',
    },
    { property: "size", reason: "found -1, expected 0 or more" },
  ]);
  const checked = await client.check(THING, {
    name: UNKNOWN,
    policy: UNKNOWN,
    tags: { a: UNKNOWN },
    rules: UNKNOWN,
  });
  expect(checked).toEqual({
    inputs: { name: UNKNOWN, size: 1, policy: UNKNOWN, tags: { a: UNKNOWN }, rules: UNKNOWN },
    failures: [],
  });
});

test("an unknown type is refused with the nearest one", async () => {
  const { failures } = await client.check("test:index/thing:Thin", {});
  expect(failures).toEqual([
    {
      property: "",
      reason: `the local test provider has no type "test:index/thing:Thin" (did you mean "${THING}"?); it has ${THING}`,
    },
  ]);
});

test.each([
  ["nothing", { name: "a", tags: {} }, { name: "a", rules: [] }, {}],
  ["JSON in other words", { policy: '{"a":1,"b":[2]}' }, { policy: '{ "b": [2], "a": 1 }' }, {}],
  ["JSON", { policy: '{"a":1}' }, { policy: '{"a":2}' }, { policy: "UPDATE" }],
  [
    "a tag",
    { tags: { a: "1", "b.c": "2" } },
    { tags: { a: "3" } },
    { "tags.a": "UPDATE", 'tags["b.c"]': "DELETE" },
  ],
  [
    "an item",
    { rules: [{ days: 1 }] },
    { rules: [{ days: 2 }, { days: 3 }] },
    { "rules[0].days": "UPDATE", "rules[1]": "ADD" },
  ],
  ["an unknown", { size: 1 }, { size: UNKNOWN }, { size: "UPDATE" }],
])("diff sees %s", async (_, before, after, expected) => {
  const diff = await client.diff(THING, { id: "a", inputs: before, outputs: {} }, after);
  expect(diff).toEqual({ changes: expected, replaces: [], deleteBeforeReplace: false });
});

test("a change of the identity replaces, also where it is not known yet", async () => {
  const state = { id: "a", inputs: { name: "a" }, outputs: {} };
  for (const name of ["b", UNKNOWN]) {
    expect(await client.diff(THING, state, { name })).toEqual({
      changes: { name: "UPDATE_REPLACE" },
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  }
});

test("a preview changes nothing, echoes what is known and keeps what an update leaves", async () => {
  const inputs = { name: "a", size: 1, tags: { a: UNKNOWN } };
  expect((await client.create(THING, inputs, true)).outputs).toEqual(inputs);
  const created = await client.create(THING, { name: "a", size: 1 });
  const updated = await client.update(THING, created, { name: "a", size: 2 }, true);
  expect(updated.outputs).toMatchObject({ name: "a", size: 2, arn: "arn:a" });
  expect(updated.outputs).not.toHaveProperty("revision");
  expect(store.get("a")).toEqual({ name: "a", size: 1 });
});

test("outputs that are secret travel wrapped", async () => {
  const { outputs } = await client.create(THING, { name: "a" });
  expect(outputs.token).toEqual({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "t0ken",
  });
});

test("read keeps the program's words where they say the same, and what cannot be read", async () => {
  const created = await client.create(THING, { name: "a", size: 1, policy: '{"a":1}', password: "p" });
  store.set("a", { name: "a", size: 1, policy: '{ "a": 1 }', tags: {} });
  expect((await client.read(THING, "a", created))?.inputs).toEqual(created.inputs);
  store.set("a", { name: "a", size: 1, policy: '{ "a": 2 }', tags: { by: "hand" } });
  expect((await client.read(THING, "a", created))?.inputs).toEqual({
    name: "a",
    size: 1,
    policy: '{ "a": 2 }',
    password: "p",
    tags: { by: "hand" },
  });
  store.clear();
  expect(await client.read(THING, "a", created)).toBeUndefined();
});

test("import reads the inputs", async () => {
  store.set("a", { name: "a", size: 3, password: "p" });
  expect(await client.read(THING, "a")).toMatchObject({ id: "a", inputs: { name: "a", size: 3 } });
});

test("a service's error names operation, resource, code and message", async () => {
  await expect(client.create(THING, { name: "a", size: 99 })).rejects.toMatchObject({
    details: `create ${THING} subject: QuotaExceeded 400: too large`,
  });
});

test("a creation that fails half way reports the id", async () => {
  const error: unknown = await client
    .create(THING, { name: "half", size: 13 })
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ details: `create ${THING} subject: tags refused` });
  const [details] = (error as { metadata: { get(key: string): Buffer[] } }).metadata.get(
    "grpc-status-details-bin",
  );
  expect(details?.includes("pulumirpc.ErrorResourceInitFailed")).toBe(true);
  for (const kept of ["half", "arn:half", "t0ken"]) expect(details?.includes(kept)).toBe(true);
});

test("what an interrupted up left is adopted and finished, what says something else is refused", async () => {
  store.set("a", { name: "a", size: 1 });
  expect((await client.create(THING, { name: "a", size: 1, password: "new" })).id).toBe("a");
  expect(store.get("a")).toEqual({ name: "a", size: 1, password: "new" });
  expect(client.warnings).toEqual(["a existed already and was taken over"]);
  store.set("a", { name: "a", size: 1 });
  await client.create(THING, { name: "a", size: 2, tags: { finished: "yes" } });
  expect(store.get("a")).toEqual({ name: "a", size: 2, tags: { finished: "yes" } });
  store.set("a", { name: "a", size: 3, tags: { owner: "me" } });
  await expect(client.create(THING, { name: "a", size: 2 })).rejects.toMatchObject({
    details: `create ${THING} subject: a exists already, is not in the stack's state, and differs in size, tags: import it or delete it`,
  });
});

test("a function is called by its token", async () => {
  expect(await client.invoke("test:index/echo:echo", { text: "hello" })).toEqual({ text: "hello" });
  await expect(client.invoke("test:index/eco:echo", {})).rejects.toMatchObject({
    details: expect.stringContaining(
      'has no function "test:index/eco:echo" (did you mean "test:index/echo:echo"?)',
    ),
  });
});
