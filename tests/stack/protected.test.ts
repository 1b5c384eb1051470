import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("protected");
  stack.edit((config) => config.setIn(["config", "hypriotos:artifacts", "forceDestroy"], false));
  await stack.run("up");
}, 600_000);
afterAll(() => stack.remove(), 300_000);

it("down refuses to destroy a bucket that keeps releases, and destroys nothing else either", async () => {
  const before = (await stack.resources()).length;
  const { code, output } = await stack.try("down");
  expect(code).toBe(1);
  expect(output).toContain(
    "these are protected, and nothing was destroyed:\n  aws:s3/bucket:Bucket artifacts\n",
  );
  expect(await stack.resources()).toHaveLength(before);
});

it("down --force destroys it", async () => {
  await stack.run("down", "--force");
  // Asking for the state starts the cloud again, with what it still knows.
  expect(await stack.resources()).toEqual([]);
  const { Buckets = [] } = await new S3Client({ ...stack.aws, forcePathStyle: true }).send(
    new ListBucketsCommand({}),
  );
  expect(Buckets).toEqual([]);
});
