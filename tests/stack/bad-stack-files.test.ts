import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Session } from "../../scripts/lib/session.ts";
import { engineStacks, STACK } from "../bad-stacks/cases.ts";
import { openStack } from "../support/engine.ts";
import { start } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";

const cases = engineStacks();

let stack: TestStack;
let session: Session;
let salt: string;

beforeAll(async () => {
  stack = await TestStack.create(STACK, { name: STACK });
  session = await openStack(stack);
  const composed = readFileSync(session.local?.composedFile ?? "", "utf8");
  salt = /^encryptionsalt: .*$/m.exec(composed)?.[0] ?? "";
});
afterAll(() => stack.remove(), 300_000);

// Each is a start of the engine and of the program, and they do not touch each other.
describe.concurrent("a bad stack file", () => {
  it("is one of at least thirty", () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  it.each(cases)(
    "$name: the engine tells all of it and registers nothing",
    async ({ name, text, problems }) => {
      const file = join(stack.folder, `Pulumi.${name}.yaml`);
      writeFileSync(file, `${salt}\n${text}`);
      const { code, output } = await start(
        session.engine,
        ["preview", "--non-interactive", "--config-file", file],
        { cwd: session.root, env: session.env },
      ).ended;
      expect(code).not.toBe(0);
      for (const problem of problems) expect(output).toContain(problem);
      // The stack itself, which is no resource of anybody's.
      expect(output).toMatch(/Resources:\n {4}\+ 1 to create\n {4}1 errored\n/);
    },
  );
});

describe("after all of them", () => {
  it("leaves the state and the clouds as they were", async () => {
    expect(await stack.resources()).toEqual([]);
    const { Buckets = [] } = await new S3Client({ ...stack.aws, forcePathStyle: true }).send(
      new ListBucketsCommand({}),
    );
    expect(Buckets).toEqual([]);
  });

  it("is refused by up before anything is started", async () => {
    const idle = await TestStack.create("idle");
    idle.edit((config) => config.setIn(["config", "hypriotos:boards", "banana-pi", "architecture"], "mips"));
    const { code, output } = await idle.try("up");
    expect(code).toBe(1);
    expect(output).toContain('hypriotos:boards.banana-pi.architecture: found "mips", expected one of');
    expect(idle.isUntouched()).toBe(true);
    await idle.remove();
  });
});
