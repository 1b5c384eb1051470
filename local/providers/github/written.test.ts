import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asWritten, canonical } from "./written.ts";

describe("asWritten", () => {
  it("keeps what the program wrote where nothing changed", () => {
    const prior = { list: ["b", "a"], flag: false, nested: { count: 0, text: "x" } };
    const found = { list: ["a", "b"], nested: { text: "x" } };
    expect(asWritten(found, prior)).toEqual(prior);
  });

  it("leaves out what says nothing and the program did not write", () => {
    expect(asWritten({ a: false, b: "", c: 0, d: [], e: null, f: "x" }, { f: "x" })).toEqual({ f: "x" });
  });

  it("leaves out a default that the program did not write, and shows what is no default", () => {
    const defaults = { methods: ["merge", "squash"] };
    expect(asWritten({ methods: ["squash", "merge"] }, {}, defaults)).toEqual({});
    expect(asWritten({ methods: ["squash"] }, {}, defaults)).toEqual({ methods: ["squash"] });
  });

  it("shows an empty value where the default is another", () => {
    expect(asWritten({ count: 0 }, {}, { count: 5 })).toEqual({ count: 0 });
    expect(asWritten({ count: 0 }, { count: 0 }, { count: 5 })).toEqual({ count: 0 });
  });

  it("shows what is gone, and what became empty", () => {
    expect(asWritten({ flag: false }, { flag: true, text: "x" })).toEqual({ flag: false });
    expect(asWritten([], ["a"])).toEqual([]);
  });

  it("changes nothing that it is given back", () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const tree = fc.dictionary(
      fc.string(),
      fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.string(), scalar)),
    );
    fc.assert(
      fc.property(tree, (value) => {
        expect(asWritten(value, value)).toEqual(value);
      }),
    );
  });
});

describe("canonical", () => {
  it("is blind to order and emptiness, not to values", () => {
    expect(canonical({ a: [1, 2], b: "" })).toBe(canonical({ a: [2, 1] }));
    expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [1, 3] }));
    expect(canonical({ a: [1, 1] })).not.toBe(canonical({ a: [1] }));
  });
});
