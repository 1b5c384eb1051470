import { describe, expect, it } from "vitest";
import { grantsOf, notIn } from "./grants.ts";

const policy = (...statements: readonly object[]) => ({
  role: "r",
  policy: JSON.stringify({ Statement: statements.map((one) => ({ Effect: "Allow", ...one })) }),
});
const TYPE = "aws:iam/rolePolicy:RolePolicy";
const gained = (before: object, after: object) =>
  notIn(grantsOf(TYPE, policy(after)), grantsOf(TYPE, policy(before))).map(
    ({ who, action, on }) => `${who} ${action} ${on}`,
  );

describe("notIn", () => {
  it.each([
    ["another action", { Action: "s3:PutObject", Resource: "b/*" }, ["role r s3:PutObject b/*"]],
    ["a wider resource", { Action: "s3:GetObject", Resource: "*" }, ["role r s3:GetObject *"]],
    ["a narrower resource", { Action: "s3:GetObject", Resource: "b/c/*" }, []],
    ["the same in a list", { Action: ["s3:GetObject"], Resource: ["b/*"] }, []],
    ["a condition more", { Action: "s3:GetObject", Resource: "b/*", Condition: { Bool: { a: "b" } } }, []],
  ])("%s", (_name, after, expected) => {
    expect(gained({ Action: "s3:GetObject", Resource: "b/*" }, after)).toEqual(expected);
  });

  it("sees that a condition is gone", () => {
    const rights = { Action: "s3:GetObject", Resource: "b/*" };
    expect(gained({ ...rights, Condition: { Bool: { a: "b" } } }, rights)).toEqual([
      "role r s3:GetObject b/*",
    ]);
  });

  it("takes a wildcard of before for what it includes", () => {
    expect(gained({ Action: "s3:*", Resource: "*" }, { Action: "s3:GetObject", Resource: "b" })).toEqual([]);
  });
});
