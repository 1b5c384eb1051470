import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("audit");
  await stack.run("up");
}, 300_000);

afterAll(() => stack.remove());

const rulesets = async () => {
  const { organization } = stack.cloud.github;
  const { data } = await stack.github.request("GET /repos/{owner}/{repo}/rulesets", {
    owner: organization,
    repo: "os-rootfs",
  });
  return data.map(({ name, updated_at }) => [name, updated_at]);
};

describe("npm run audit", () => {
  it("says in one line that nothing changes", async () => {
    const { code, output } = await stack.try("audit");
    expect(output).toMatch(/^Stack `audit-\w+` at `\w{12}`: no changes, \d+ resources as they are\.$/m);
    expect(code).toBe(0);
  });

  it("tells of a board's new title, and nothing else", async () => {
    stack.edit((file) => file.setIn(["config", "hypriotos:boards", "banana-pi", "title"], "Banana Pi"));
    const { code, output } = await stack.try("audit");
    expect(output).toContain("- update `Repository banana-pi`");
    expect(output).not.toContain("#### Destroyed");
    expect(code).toBe(2);
    await stack.run("up");
  });

  it("refuses what a policy forbids, as up does, which leaves everything as it is", async () => {
    const before = await rulesets();
    stack.edit((file) => {
      file.setIn(["config", "hypriotos:policies", "disabled"], ["repositories-kept"]);
      file.setIn(["config", "hypriotos:protection", "strict"], false);
    });
    const audit = await stack.try("audit");
    expect(audit.output).toContain("`reviews-required` (**mandatory**, high)");
    expect(audit.code).toBe(4);
    const up = await stack.try("up");
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("reviews-required");
    expect(await rulesets()).toEqual(before);
  });

  it("has a report for a stack file that is refused", async () => {
    stack.edit((file) => file.setIn(["config", "hypriotos:protection", "approvals"], 7));
    const { code, output } = await stack.try("audit");
    expect(output).toContain("**The preview failed.**");
    expect(output).toContain("hypriotos:protection.approvals: found 7");
    expect(code).toBe(1);
  });
});
