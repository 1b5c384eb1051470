import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { COMMENT_BUDGET, renderMarkdown } from "../../audit/markdown.ts";
import type { Report } from "../../audit/report.ts";
import { type Arguments, takeOption } from "./arguments.ts";

/** Where a report goes, from a command line. */
export interface ReportOptions {
  /** A file for the full report, absolute. */
  readonly out: string | undefined;
  /** Where the full report can be read. */
  readonly full: string | undefined;
  readonly json: boolean;
}

/**
 * Takes `--out <file>`, `--full <url>` and `--json` out of a command line.
 *
 * @throws {Error} when an option has no value
 */
export function reportOptions(parsed: Arguments): {
  readonly options: ReportOptions;
  readonly args: Arguments;
} {
  const out = takeOption(parsed.rest, "--out");
  const full = takeOption(out.rest, "--full");
  return {
    options: {
      out: out.value === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), out.value),
      full: full.value,
      json: parsed.switches.has("json"),
    },
    args: { ...parsed, rest: full.rest },
  };
}

/** Where a workflow keeps what it made of this run. */
function workflowRun({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: NodeJS.ProcessEnv): string | undefined {
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** Prints a report and writes the full one where that is asked for. Gives the Markdown that fits into a comment. */
export function putReport(report: Report, { out, full, json }: ReportOptions, command: string): string {
  if (out !== undefined) writeFileSync(out, renderMarkdown(report));
  const where =
    full ?? workflowRun(process.env) ?? `npm run ${command} -- --stack ${report.stack} --out <file>`;
  const text = renderMarkdown(report, { budget: COMMENT_BUDGET, full: where });
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : text);
  return text;
}
