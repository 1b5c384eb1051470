import { afterAll, beforeAll, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("interrupted");
});
afterAll(() => stack.remove(), 300_000);

it("an up whose engine is killed half way is finished by the next one", { timeout: 600_000 }, async () => {
  const up = stack.start("up", "--suppress-progress");
  await up.seen(/aws:sqs:Queue build-armhf created/);
  // The whole process group: the script, the engine, and not the providers, which have groups of their own.
  process.kill(-(up.process.pid ?? 0), "SIGKILL");
  expect((await up.ended).code).toBeNull();

  const recovered = await stack.run("up");
  expect(recovered).not.toMatch(/error/i);
  const again = await stack.run("up");
  expect(again).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  const queues = (await stack.resources()).filter(({ type }) => type === "aws:sqs/queue:Queue");
  // Two for jobs with their dead letters, and those of three functions.
  expect(queues).toHaveLength(7);
});
