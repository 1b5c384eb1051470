import { describe, expect, it } from "vitest";
import { compareReleaseTags, highestTag, isPreRelease, previousTag } from "./release-order.ts";

// The order of https://semver.org, point 11, with numbers beyond what a double holds.
const ORDER = [
  "v0.9.9",
  "v1.0.0-1",
  "v1.0.0-alpha",
  "v1.0.0-alpha.1",
  "v1.0.0-alpha.beta",
  "v1.0.0-beta",
  "v1.0.0-beta.2",
  "v1.0.0-beta.11",
  "v1.0.0-rc.1",
  "v1.0.0",
  "v1.0.9007199254740993",
  "v1.0.9007199254740994",
  "v1.10.0",
  "v2.0.0",
];

describe("compareReleaseTags", () => {
  it("orders as semantic versions do", () => {
    for (const [index, tag] of ORDER.entries()) {
      expect(ORDER.map((other) => Math.sign(compareReleaseTags(other, tag)))).toEqual(
        ORDER.map((_, at) => Math.sign(at - index)),
      );
    }
    expect([...ORDER].reverse().sort(compareReleaseTags)).toEqual(ORDER);
  });
});

it("tells pre-releases", () => {
  expect(ORDER.filter((tag) => !isPreRelease(tag))).toEqual([
    "v0.9.9",
    "v1.0.0",
    "v1.0.9007199254740993",
    "v1.0.9007199254740994",
    "v1.10.0",
    "v2.0.0",
  ]);
});

it("finds the highest", () => {
  expect(highestTag([])).toBeUndefined();
  expect(highestTag(["v1.2.0", "v1.10.0", "v1.9.0"])).toBe("v1.10.0");
});

describe("previousTag", () => {
  const published = ["v2.0.0", "v1.0.0", "v1.1.0", "v1.1.1-rc.1", "v0.9.0"];
  it.each([
    ["v1.1.1", "v1.1.0"],
    ["v1.1.1-rc.2", "v1.1.1-rc.1"],
    ["v3.0.0", "v2.0.0"],
    ["v0.1.0", undefined],
    // Published already: a release is no change of itself.
    ["v2.0.0", "v1.1.0"],
  ])("of %s is %s", (tag, previous) => {
    expect(previousTag(tag, published)).toBe(previous);
  });
});
