import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stackFiles } from "./config/stack-files.ts";
import { type Asked, programInputs } from "./testing/program-inputs.ts";
import { SdkTypes } from "./testing/sdk-types.ts";

/** A provider's inputs as its SDK declares them: they reach the engine as text of JSON. */
function asDeclared({ token, name, inputs }: Asked): Asked {
  const [, provider] = /^pulumi:providers:(.+)$/.exec(token) ?? [];
  if (provider === undefined) return { token, name, inputs };
  const decoded = Object.entries(inputs).map(([key, value]) => [key, fromJson(value)]);
  return { token: `${provider}:provider:Provider`, name, inputs: Object.fromEntries(decoded) };
}

function fromJson(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

const stacks = [...stackFiles(join(import.meta.dirname, "../stacks"))];
const asked = new Map<string, readonly Asked[]>();
let types: SdkTypes;

beforeAll(async () => {
  for (const [stack, file] of stacks) {
    const all = await programInputs(stack, file);
    asked.set(
      stack,
      // What the engine itself makes is in no SDK package.
      all.map(asDeclared).filter(({ token }) => !token.startsWith("pulumi:")),
    );
  }
  types = new SdkTypes([...asked.values()].flatMap((all) => all.map(({ token }) => token)));
}, 120_000);

describe("what the program gives to aws, github and docker", () => {
  it.each(stacks)("is as their SDKs declare it, on stack %s", (stack) => {
    const all = asked.get(stack) ?? [];
    expect(new Set(all.map(({ token }) => token.split(":")[0]))).toEqual(
      new Set(["aws", "github", "docker"]),
    );
    const found = all.flatMap(({ token, name, inputs }) =>
      types.mismatches(token, inputs).map((mismatch) => `${token} ${name}: ${mismatch}`),
    );
    expect(found).toEqual([]);
  });

  /** The inputs of the first resource of a type, with one of them changed. */
  const spoiled = (token: string, change: Record<string, unknown>) => {
    const [one] = [...(asked.get("local") ?? [])].filter((resource) => resource.token === token);
    return types.mismatches(token, { ...one?.inputs, ...change });
  };

  it.each([
    [
      "a text for a number",
      "aws:sqs/queue:Queue",
      { visibilityTimeoutSeconds: "30" },
      'visibilityTimeoutSeconds: found "30", expected number',
    ],
    [
      "an input that is not there",
      "github:index/repository:Repository",
      { hasWikis: true },
      "hasWikis: found true, expected one of ",
    ],
    [
      "a required input that is missing",
      "github:index/repositoryRuleset:RepositoryRuleset",
      { rules: undefined },
      "rules: found nothing, expected a value: it is required",
    ],
    [
      "what is no value of an enum",
      "aws:lambda/function:Function",
      { runtime: "nodejs99.x" },
      'runtime: found "nodejs99.x", expected one of dotnet6, ',
    ],
    [
      "a mapping for a list",
      "aws:sns/topicSubscription:TopicSubscription",
      { topic: ["a"] },
      'topic: found ["a"], expected string',
    ],
    [
      "a nested mistake",
      "github:index/repositoryRuleset:RepositoryRuleset",
      { rules: { pullRequest: { requiredApprovingReviewCount: true } } },
      "rules.pullRequest.requiredApprovingReviewCount: found true, expected number",
    ],
    ["text for code", "aws:lambda/function:Function", { code: "x" }, 'code: found "x", expected Archive'],
  ])("would be found: %s", (_what, token, change, mismatch) => {
    expect(spoiled(token, change).join("\n")).toContain(mismatch);
  });
});
