import { afterEach, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack | undefined;
afterEach(() => stack?.remove());

// The clouds are the local ones; everything else is as it stands in the file.
it.each(["staging", "production"])("the %s stack previews", { timeout: 300_000 }, async (name) => {
  stack = await TestStack.create(name, { from: name, name });
  const output = await stack.run("preview");
  expect(output).toMatch(/ {4}\+ \d+ to create\n/);
  expect(output).toMatch(/hypriotos:index:ReleasePipeline/);
  expect(output).not.toMatch(/(error|warning):/);
  expect(await stack.resources()).toEqual([]);
});
