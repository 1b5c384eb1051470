import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPreview } from "./changes.ts";
import { type EngineEvent, parseEvents } from "./events.ts";
import { COMMENT_BUDGET, renderMarkdown } from "./markdown.ts";
import { makeReport } from "./report.ts";
import { GENERATED } from "./testing/generated.ts";

const RECORDED = join(import.meta.dirname, "testing", "recorded");
const REPORTS = join(import.meta.dirname, "testing", "reports");

const recordings = (name: string): readonly EngineEvent[] =>
  parseEvents(readFileSync(join(RECORDED, `${name}.jsonl`), "utf8"));

const recorded = readdirSync(RECORDED).map((file) => file.replace(/\.jsonl$/, ""));
const names = [...recorded, ...Object.keys(GENERATED)].sort();

/** The levels that audit/testing/scenarios.ts sets for what stands open. */
const levels = (name: string) =>
  /^(bucket-replaced|board-deleted|boards-deleted)/.test(name) ? { "repositories-kept": "advisory" } : {};

/**
 * Each report was read as a reviewer reads it. `UPDATE_REPORTS=1 npx vitest run --project unit audit/golden.test.ts`
 * writes them anew, to be read again.
 */
describe("reports", () => {
  it.each(names)("%s", (name) => {
    const generate = GENERATED[name];
    const preview = readPreview(generate === undefined ? recordings(name) : generate(recordings));
    const report = makeReport(preview, {
      stack: "audit",
      commit: "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c",
      levels: levels(name),
    });
    const text = renderMarkdown(report, { budget: COMMENT_BUDGET, full: "https://ci.example/report" });
    const file = join(REPORTS, `${name}.md`);
    const golden = `<!-- ${report.outcome} -->\n${text}`;
    if (process.env.UPDATE_REPORTS === "1") writeFileSync(file, golden);
    expect(existsSync(file), `${file} is missing`).toBe(true);
    expect(golden).toBe(readFileSync(file, "utf8"));
    expect(text.length).toBeLessThanOrEqual(COMMENT_BUDGET);
  });

  it("are all of changes that are tested", () => {
    expect(readdirSync(REPORTS).map((file) => file.replace(/\.md$/, ""))).toEqual(names);
  });
});
