/**
 * An audit beside the bare preview of the same change, in turn, in one run; and the report of 10,000 changed properties.
 * Budget: the audit takes at most 1.1 times as long.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyOptions } from "../scripts/lib/policy-options.ts";
import { checkStackFile } from "../scripts/lib/stack-check.ts";
import { openStack } from "../tests/support/engine.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { eventLog } from "./audit/events.ts";
import { onPipeline } from "./lib/engine.ts";
import { measure, median, seconds } from "./lib/measure.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const BUDGET = 1.1;
const SIZES = [100, 1_000, 10_000];
const ROOT = join(import.meta.dirname, "..");

async function besidePreview(): Promise<void> {
  const stack = await TestStack.create("bench-audit");
  try {
    await stack.run("up");
    stack.edit((file) => file.setIn(["config", "hypriotos:boards", "banana-pi", "title"], "Banana Pi"));
    const session = await openStack(stack);
    const config = checkStackFile(ROOT, stack.name, readFileSync(stack.file, "utf8"));
    const policies = policyOptions(session, config);
    const script = (name: string) =>
      measure(
        process.execPath,
        ["--import", "tsx", `scripts/${name}.ts`, "--stack", stack.name, "--config-file", stack.file],
        { cwd: ROOT, env: { ...process.env, HYPRIOTOS_LOCAL: stack.stateDir } },
        // An audit says by its exit code that there are changes.
        [0, 2],
      );
    const runs = {
      "the engine alone": () =>
        onPipeline(session, "preview", "--refresh", "--suppress-progress", ...policies),
      "npm run preview": () => script("preview"),
      "npm run audit": () => script("audit"),
    };
    const times = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, run] of Object.entries(runs)) times.get(name)?.push((await run()).seconds);
    }
    const of = (name: keyof typeof runs) => median(times.get(name) ?? []);
    console.log(`preview of one changed property, medians of ${ROUNDS} rounds`);
    for (const name of times.keys()) {
      const took = of(name as keyof typeof runs);
      const ratio = took / of("the engine alone");
      console.log(
        `  ${name.padEnd(18)} ${seconds(took).padStart(8)}  ${ratio.toFixed(2)} times the engine alone`,
      );
    }
    const ratio = of("npm run audit") / of("npm run preview");
    console.log(`  audit to preview: ${ratio.toFixed(2)} (budget ${BUDGET})`);
    if (ratio > BUDGET) process.exitCode = 1;
  } finally {
    await stack.remove();
  }
}

interface Told {
  readonly properties: number;
  readonly parse: number;
  readonly make: number;
  readonly comment: number;
  readonly full: number;
  readonly commentCharacters: number;
  readonly fullCharacters: number;
  readonly peakMiB: number;
}

async function largeReports(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hypriotos-bench-audit-"));
  try {
    console.log(`the report alone, medians of ${ROUNDS} rounds`);
    for (const size of SIZES) {
      const log = eventLog(size);
      const file = join(folder, `${size}.jsonl`);
      writeFileSync(file, log);
      const runs: Told[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const args = ["--import", "tsx", "bench/audit/report.ts", file];
        runs.push(
          JSON.parse((await measure(process.execPath, args, { cwd: ROOT, env: process.env })).output),
        );
      }
      const of = (field: keyof Told) => median(runs.map((run) => run[field]));
      const ms = (field: keyof Told) => `${of(field).toFixed(0)} ms`;
      console.log(
        `  ${of("properties").toLocaleString("en-US").padStart(6)} properties, events ${(log.length / 2 ** 20).toFixed(1)} MiB:` +
          ` read ${ms("parse")}, report ${ms("make")}, comment ${ms("comment")} (${of("commentCharacters").toLocaleString("en-US")} characters),` +
          ` full ${ms("full")} (${(of("fullCharacters") / 2 ** 20).toFixed(2)} MiB), peak ${of("peakMiB").toFixed(0)} MiB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await largeReports();
await besidePreview();
