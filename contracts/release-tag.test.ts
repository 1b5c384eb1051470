import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canMatchReleaseTag, matchesTagPattern, ReleaseTag } from "./release-tag.ts";

describe("ReleaseTag", () => {
  it.each(["v1.2.3", "v0.0.0", "v10.20.30", "v1.2.3-rc.1", "v1.2.3-alpha", "v1.2.3-0a-b.x"])(
    "takes %s",
    (tag) => {
      expect(ReleaseTag.safeParse(tag).success).toBe(true);
    },
  );

  it.each(["1.2.3", "v1.2", "v01.2.3", "v1.2.3-", "v1.2.3-rc.", "v1.2.3+1", "V1.2.3", "v1.2.3 ", "v1.2.3\n"])(
    "refuses %j",
    (tag) => {
      expect(ReleaseTag.safeParse(tag).success).toBe(false);
    },
  );
});

describe("canMatchReleaseTag", () => {
  it.each([
    "v*",
    "*",
    "v1.*",
    "v?.*.*",
    "v[0-9]*",
    "v[!a]*",
    "v1.0.0",
    "*-rc.*",
    "v*-*",
    "v3.0.?-rc.1",
    "[v]1.2.3",
  ])("finds a tag for %s", (pattern) => {
    expect(canMatchReleaseTag(pattern)).toBe(true);
  });

  it.each([
    "release-*",
    "1.*",
    "v",
    "v?",
    "v*.",
    "v0?.*",
    "v*+*",
    "V*",
    "",
    "v[!0-9]*",
    "*/*",
    "v1.2.3-",
    "v1 *",
  ])("finds none for %j", (pattern) => {
    expect(canMatchReleaseTag(pattern)).toBe(false);
  });

  it("finds the tag that a pattern was made from, whatever of it became a wildcard", () => {
    const number = fc.nat(30);
    const tag = fc
      .tuple(number, number, number, fc.constantFrom("", "-rc.1", "-beta", "-a-b.0"))
      .map(([major, minor, patch, pre]) => `v${major}.${minor}.${patch}${pre}`);
    const marks = fc.array(fc.constantFrom("", "?", "*"), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(tag, marks, (made, wildcards) => {
        const pattern = [...made].map((character, index) => wildcards[index] || character).join("");
        expect(canMatchReleaseTag(made)).toBe(true);
        expect(canMatchReleaseTag(pattern)).toBe(true);
      }),
    );
  });
});

describe("matchesTagPattern", () => {
  it.each([
    ["v*", "v1.2.3", true],
    ["v1.*", "v1.2.3", true],
    ["v1.*", "v2.0.0", false],
    ["v?.0.0", "v1.0.0", true],
    ["v?.0.0", "v10.0.0", false],
    ["v[12].*", "v2.0.0-rc.1", true],
    ["v[!12].*", "v2.0.0", false],
    ["*-rc.*", "v1.0.0", false],
    ["v1.0.0", "v1.0.0-rc.1", false],
    ["v1.0.0-*", "v1.0.0-", true],
  ])("%s and %s: %s", (pattern, tag, matches) => {
    expect(matchesTagPattern(pattern, tag)).toBe(matches);
  });

  it("takes a pattern of many stars in no time", () => {
    expect(matchesTagPattern("*a".repeat(50), `v1.0.0-${"a".repeat(90)}b`)).toBe(false);
  });
});
