/**
 * Records the engine's events for audit/testing/scenarios.ts: `npx tsx audit/testing/record.ts [scenario …]`. It stands
 * the pipeline up on clouds of its own, previews each change with the real engine, and destroys it again.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArguments } from "../../scripts/lib/arguments.ts";
import { recordPreview } from "../../scripts/lib/audit-run.ts";
import { policyOptions } from "../../scripts/lib/policy-options.ts";
import { openSession } from "../../scripts/lib/session.ts";
import { checkStackFile } from "../../scripts/lib/stack-check.ts";
import { TestStack } from "../../tests/support/test-stack.ts";
import { reduceLog } from "./reduce.ts";
import { GUARDED, guardedStack, OPEN, openStack, type Scenario } from "./scenarios.ts";

const FOLDER = join(import.meta.dirname, "recorded");
const ROOT = join(import.meta.dirname, "..", "..");
const wanted = process.argv.slice(2);

async function record(stack: TestStack, { name, edit, outside, after }: Scenario): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const before = readFileSync(stack.file, "utf8");
  try {
    await outside?.(stack);
    if (edit !== undefined) stack.edit(edit);
    const text = readFileSync(stack.file, "utf8");
    const config = checkStackFile(ROOT, stack.name, text);
    const args = parseArguments(["--stack", stack.name, "--config-file", stack.file]);
    const session = await openSession(args, console.error);
    const { log, failure } = await recordPreview(session, policyOptions(session, config));
    if (failure !== undefined) throw new Error(failure);
    const { aws, github } = session.local?.cloud ?? stack.cloud;
    const reduced = reduceLog(log, { aws: aws.endpoint, github: github.baseUrl });
    writeFileSync(join(FOLDER, `${name}.jsonl`), reduced);
    console.error(`${name}: ${(reduced.length / 1024).toFixed(0)} KiB`);
  } finally {
    await after?.(stack);
    writeFileSync(stack.file, before);
  }
}

mkdirSync(FOLDER, { recursive: true });
const stack = await TestStack.create("audit", { name: "audit" });
process.env.HYPRIOTOS_LOCAL = stack.stateDir;
try {
  stack.edit(guardedStack);
  await record(stack, { name: "first-up" });
  await stack.run("up");
  for (const scenario of GUARDED) await record(stack, scenario);
  stack.edit(openStack);
  await stack.run("up");
  for (const scenario of OPEN) await record(stack, scenario);
} finally {
  await stack.remove();
}
