import { expect, test } from "vitest";
import { type ConfigRules, checkConfig, diffConfig, parseConfig } from "./config.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const rules: ConfigRules = {
  region: { kind: "text", replace: true },
  endpoints: { kind: "json" },
  pathStyle: { kind: "boolean" },
  retries: { kind: "number" },
};

test("everything that is wrong is told at once, and no value is repeated", () => {
  const news = {
    regoin: "x",
    endpoints: "{hunter2",
    pathStyle: '"yes"',
    retries: "3",
    version: "1",
    __internal: {},
  };
  expect(checkConfig(rules, news)).toEqual([
    {
      property: "regoin",
      reason:
        'unknown config key "regoin" (did you mean "region"?); the local provider knows region, endpoints, pathStyle, retries',
    },
    { property: "endpoints", reason: "expected object as JSON, found other text" },
    { property: "pathStyle", reason: "expected boolean, found string" },
  ]);
});

test("what is not known yet is right", () => {
  expect(checkConfig(rules, { region: UNKNOWN, endpoints: UNKNOWN })).toEqual([]);
  expect(parseConfig(rules, { region: UNKNOWN, retries: "2" })).toEqual({ retries: 2 });
});

test("values come as the SDK's JSON or as the stack's own", () => {
  const expected = { region: "true", endpoints: [{ s3: "http://127.0.0.1:1" }], pathStyle: true, retries: 2 };
  const json = {
    ...expected,
    endpoints: JSON.stringify(expected.endpoints),
    pathStyle: "true",
    retries: "2",
  };
  expect(parseConfig(rules, json)).toEqual(expected);
  expect(parseConfig(rules, expected)).toEqual(expected);
});

test("another account replaces, another address does not, and what is not known replaces nothing", () => {
  const before = { region: "here", endpoints: "[1]", version: "1" };
  expect(diffConfig(rules, before, { ...before, version: "2" })).toEqual({ changed: [], replaces: [] });
  expect(diffConfig(rules, before, { region: "there", endpoints: "[2]" })).toEqual({
    changed: ["region", "endpoints"],
    replaces: ["region"],
  });
  expect(diffConfig(rules, before, { ...before, region: UNKNOWN })).toEqual({
    changed: ["region"],
    replaces: [],
  });
});
