import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedProperties, diffValues } from "./property-diff.ts";

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const step = (old: object, young: object, detailedDiff: object = {}, outputs: object = {}) => ({
  op: "update",
  urn: "urn:pulumi:s::p::t::n",
  type: "t",
  old: { type: "t", urn: "u", id: "", parent: "", inputs: { ...old }, outputs: { ...outputs } },
  new: { type: "t", urn: "u", id: "", parent: "", inputs: { ...young } },
  detailedDiff: Object.fromEntries(
    Object.entries(detailedDiff).map(([path, inputDiff]) => [path, { diffKind: "update", inputDiff }]),
  ),
});

describe("diffValues", () => {
  it("names the innermost properties that differ", () => {
    expect(diffValues("", { a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1, c: 4 }, e: 5 })).toEqual([
      { path: "a.c", old: 2, new: 4 },
      { path: "d", old: 3 },
      { path: "e", new: 5 },
    ]);
  });

  it("compares JSON in text by what it says", () => {
    expect(diffValues("policy", '{"a":1,"b":2}', '{ "b": 2, "a": 3 }')).toEqual([
      { path: "policy.a", old: 1, new: 3 },
    ]);
  });

  it("tells elements of a list apart by their names", () => {
    const before = [
      { id: "builds", days: 90 },
      { id: "cache", days: 60 },
    ];
    expect(
      diffValues("rules", before, [
        { id: "cache", days: 60 },
        { id: "builds", days: 14 },
      ]),
    ).toEqual([{ path: "rules[builds].days", old: 90, new: 14 }]);
  });

  it("sees no change between two secrets, and none between two unknowns", () => {
    expect(diffValues("a", SECRET, { ...SECRET })).toEqual([]);
    expect(diffValues("a", UNKNOWN, UNKNOWN)).toEqual([]);
    expect(diffValues("a", SECRET, "plain")).toEqual([{ path: "a", old: SECRET, new: "plain" }]);
  });

  it("finds nothing in what is equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(diffValues("a", value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  it("finds something in what is not", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.integer()),
        fc.string(),
        fc.integer(),
        (value, key, number) => {
          const other = { ...value, [key]: number };
          fc.pre(JSON.stringify(value[key]) !== JSON.stringify(number));
          expect(diffValues("", value, other)).not.toEqual([]);
        },
      ),
    );
  });
});

describe("changedProperties", () => {
  it("adds what only the engine knows: that a secret is another one", () => {
    const found = changedProperties(step({ s: SECRET }, { s: SECRET }, { s: true }));
    expect(found).toEqual([{ path: "s", old: SECRET, new: SECRET }]);
  });

  it("adds what was changed outside of the program", () => {
    expect(changedProperties(step({ d: "ours" }, { d: "ours" }, { d: false }, { d: "theirs" }))).toEqual([
      { path: "d", old: "theirs", new: "ours" },
    ]);
  });

  it("says a list's element once, by its name", () => {
    const old = { rules: [{ id: "builds", days: 90 }] };
    const young = { rules: [{ id: "builds", days: 14 }] };
    expect(changedProperties(step(old, young, { "rules[0].days": true }))).toEqual([
      { path: "rules[builds].days", old: 90, new: 14 },
    ]);
  });
});
