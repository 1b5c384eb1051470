import { describe, expect, test } from "vitest";
import { compilePattern, matchesRef } from "./pattern.ts";

describe("patterns are GitHub's fnmatch", () => {
  test.each([
    ["v*", "v1.0.0", true],
    ["v*", "v1/0", false],
    ["release/*", "release/1", true],
    ["release/*", "release/1/2", false],
    ["release/**/*", "release/1/2", true],
    ["release/**/*", "release/1", true],
    ["release/**", "release/1/2", true],
    ["**/docs", "docs", true],
    ["**/docs", "a/b/docs", true],
    ["qa**", "qa1", true],
    ["qa**", "qa/1", false],
    ["v?", "v1", true],
    ["v?", "v12", false],
    ["v?", "v/", false],
    ["[ab]c", "bc", true],
    ["[!ab]c", "bc", false],
    ["[^ab]c", "xc", true],
    ["[0-9].x", "3.x", true],
    ["{main,next}", "next", true],
    ["{main,next}", "other", false],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ["a.b", "axb", false],
    ["a+(b)|c$", "a+(b)|c$", true],
  ])("%s against %s: %s", (pattern, name, expected) => {
    expect(compilePattern(pattern).test(name)).toBe(expected);
  });
});

describe("conditions of a ruleset", () => {
  const matches = (ref: string, include: string[], exclude: string[] = []) =>
    matchesRef(ref, { include, exclude }, "main");

  test("~DEFAULT_BRANCH is the default branch only", () => {
    expect(matches("refs/heads/main", ["~DEFAULT_BRANCH"])).toBe(true);
    expect(matches("refs/heads/next", ["~DEFAULT_BRANCH"])).toBe(false);
    expect(matches("refs/tags/main", ["~DEFAULT_BRANCH"])).toBe(false);
  });

  test("~ALL is everything, but for what is excluded", () => {
    expect(matches("refs/heads/any/thing", ["~ALL"])).toBe(true);
    expect(matches("refs/heads/any/thing", ["~ALL"], ["refs/heads/any/*"])).toBe(false);
  });

  test("a full pattern is matched with its kind, a short one with the name", () => {
    expect(matches("refs/tags/v1", ["refs/tags/v*"])).toBe(true);
    expect(matches("refs/heads/v1", ["refs/tags/v*"])).toBe(false);
    expect(matches("refs/tags/v1", ["v*"])).toBe(true);
  });

  test("nothing included matches nothing", () => {
    expect(matches("refs/heads/main", [])).toBe(false);
  });
});
