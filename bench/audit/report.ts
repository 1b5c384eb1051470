/** Reads an event log, makes its report and prints what that took, as JSON: a process of its own, for its memory. */
import { readFileSync } from "node:fs";
import { readPreview } from "../../audit/changes.ts";
import { parseEvents } from "../../audit/events.ts";
import { COMMENT_BUDGET, renderMarkdown } from "../../audit/markdown.ts";
import { makeReport } from "../../audit/report.ts";

const [file = ""] = process.argv.slice(2);
const log = readFileSync(file, "utf8");
const started = performance.now();
const events = parseEvents(log);
const parsed = performance.now();
const report = makeReport(readPreview(events), { stack: "bench", levels: {} });
const made = performance.now();
const comment = renderMarkdown(report, { budget: COMMENT_BUDGET, full: "https://ci.example/1" });
const shortened = performance.now();
const full = renderMarkdown(report);
const ended = performance.now();
const properties = report.sections.flatMap(({ changes }) => changes.flatMap((change) => change.properties));
process.stdout.write(
  JSON.stringify({
    properties: properties.length,
    parse: parsed - started,
    make: made - parsed,
    comment: shortened - made,
    full: ended - shortened,
    commentCharacters: comment.length,
    fullCharacters: full.length,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
