import { spawnSync } from "node:child_process";
import { readPreview } from "../audit/changes.ts";
import { EXIT_CODES, makeReport, type Report } from "../audit/report.ts";
import { type Arguments, parseArguments, takeOptional } from "./lib/arguments.ts";
import { isExpected, log, main } from "./lib/command.ts";
import { previewReport } from "./lib/preview-report.ts";
import { workflowPullRequest } from "./lib/pull-request.ts";
import { putReport, reportOptions } from "./lib/report-output.ts";
import { openSession, openStackFile, type StackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";
import { commentPlace, tellComment } from "./lib/tell-comment.ts";

/** The commit that is looked at: as CI says, else what is checked out. */
function headCommit(root: string): string | undefined {
  const named = process.env.AUDIT_COMMIT || workflowPullRequest()?.head || process.env.GITHUB_SHA;
  if (named !== undefined && named !== "") return named;
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A preview's report. One that fails or cannot even begin, and a stack file that is refused, have one too. */
async function audit(args: Arguments, { root, text }: StackFile): Promise<Report> {
  const commit = headCommit(root);
  const context = { stack: args.stack, ...(commit === undefined ? {} : { commit }) };
  try {
    const config = checkStackFile(root, args.stack, text);
    const session = await openSession(args, log);
    return await previewReport(session, config, context, args.rest);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return makeReport(readPreview([]), { ...context, levels: {}, failure: error.message });
  }
}

/**
 * `npm run audit [-- --stack <name>] [--json] [--comment [<owner>/<repository>#<number>]] [--out <file>] [--full <url>]
 * [engine options]`: what a change does to the infrastructure, for its reviewer. The exit code says how it ends
 * (docs/audit.md).
 */
await main(async () => {
  const { options, args: parsed } = reportOptions(parseArguments(process.argv.slice(2), ["json"]));
  const commented = takeOptional(parsed.rest, "--comment");
  const args = { ...parsed, rest: commented.rest };
  const target = commentPlace(commented.value);
  const report = await audit(args, openStackFile(args));
  const text = putReport(report, options, "audit");
  if (target !== undefined && !(await tellComment(target, report, text))) return 1;
  return EXIT_CODES[report.outcome];
});
