import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readPreview } from "../audit/changes.ts";
import { parseEvents } from "../audit/events.ts";
import { COMMENT_BUDGET, renderMarkdown } from "../audit/markdown.ts";
import { EXIT_CODES, makeReport, type Report } from "../audit/report.ts";
import type { PipelineConfig } from "../infra/config/model.ts";
import { type Arguments, parseArguments, takeOption } from "./lib/arguments.ts";
import { recordPreview } from "./lib/audit-run.ts";
import { log, main } from "./lib/command.ts";
import { policyConfig, policyOptions } from "./lib/policy-options.ts";
import { openSession, openStackFile, type StackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/** The commit that is looked at: as CI says, else what is checked out. */
function headCommit(root: string): string | undefined {
  const named = process.env.AUDIT_COMMIT ?? process.env.GITHUB_SHA;
  if (named !== undefined && named !== "") return named;
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A preview's report. A preview that fails, and a stack file that is refused, have one too. */
async function audit(args: Arguments, { root, text }: StackFile): Promise<Report> {
  const commit = headCommit(root);
  const context = { stack: args.stack, levels: {}, ...(commit === undefined ? {} : { commit }) };
  let config: PipelineConfig;
  try {
    config = checkStackFile(root, args.stack, text);
  } catch (error) {
    return makeReport(readPreview([]), { ...context, failure: (error as Error).message });
  }
  const session = await openSession(args, log);
  const { log: events, failure } = await recordPreview(session, [
    ...policyOptions(session, config),
    ...args.rest,
  ]);
  const levels = Object.fromEntries(
    Object.entries(policyConfig(config)).flatMap(([name, { enforcementLevel }]) =>
      enforcementLevel === undefined ? [] : [[name, enforcementLevel]],
    ),
  );
  return makeReport(readPreview(parseEvents(events)), {
    ...context,
    levels,
    ...(failure === undefined ? {} : { failure }),
  });
}

/**
 * `npm run audit [-- --stack <name>] [--json] [--out <file>] [--full <url>] [engine options]`: what a change does to the
 * infrastructure, for its reviewer. The exit code says how it ends (docs/audit.md).
 */
await main(async () => {
  const parsed = parseArguments(process.argv.slice(2), ["json"]);
  const out = takeOption(parsed.rest, "--out");
  const full = takeOption(out.rest, "--full");
  const args = { ...parsed, rest: full.rest };
  const file = openStackFile(args);
  const report = await audit(args, file);
  if (out.value !== undefined) {
    writeFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), out.value), renderMarkdown(report));
  }
  const where = full.value ?? `npm run audit -- --stack ${args.stack} --out <file>`;
  process.stdout.write(
    args.switches.has("json")
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : renderMarkdown(report, { budget: COMMENT_BUDGET, full: where }),
  );
  return EXIT_CODES[report.outcome];
});
