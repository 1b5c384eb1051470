import fc from "fast-check";
import { expect, test } from "vitest";
import { changes, same } from "./compare.ts";

const value = fc.jsonValue({ maxDepth: 3 });
const inputs = fc.dictionary(fc.string(), value, { maxKeys: 5 });

/** The same JSON with the keys of every object in the opposite order. */
function backwards(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(backwards);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, backwards(inner)]));
}

test("nothing changes from inputs to the same inputs, whatever the order of keys", () => {
  fc.assert(
    fc.property(inputs, (map) => {
      expect(changes({}, map, backwards(map) as typeof map)).toEqual([]);
    }),
  );
});

test("what is added one way is deleted the other way, at the same path", () => {
  const opposite = { add: "delete", delete: "add", update: "update" } as const;
  fc.assert(
    fc.property(inputs, inputs, (before, after) => {
      const there = changes({}, before, after).map(({ path, kind }) => `${kind} ${path}`);
      const back = changes({}, after, before).map(({ path, kind }) => `${opposite[kind]} ${path}`);
      expect(back.sort()).toEqual(there.sort());
    }),
  );
});

test("JSON in other words is the same, and so is a set in another order", () => {
  fc.assert(
    fc.property(value, fc.array(value), (document, list) => {
      expect(
        same({ json: true }, JSON.stringify(document), JSON.stringify(backwards(document), null, 2)),
      ).toBe(true);
      expect(same({ unordered: true }, list, [...list].reverse())).toBe(true);
    }),
  );
});

test.each([
  [
    "a statement's actions, as a set",
    { json: true, unordered: true },
    '{"Action":["a","b"]}',
    '{"Action":["b","a"]}',
    true,
  ],
  ["a list, in order", {}, ["a", "b"], ["b", "a"], false],
  ["text that is no JSON", { json: true }, "{", "{ ", false],
  ["an asset by its hash", {}, assetOf("1", "x"), assetOf("1", undefined), true],
  ["another asset", {}, assetOf("1", "x"), assetOf("2", "x"), false],
  ["false and none", {}, false, undefined, false],
  ["zero and none", {}, 0, undefined, false],
  ["nothing in two ways", {}, {}, [], true],
])("%s", (_, rule, left, right, expected) => {
  expect(same(rule, left, right)).toBe(expected);
});

function assetOf(hash: string, text: string | undefined): unknown {
  return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", hash, text };
}
