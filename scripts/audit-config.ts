import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ConfigChange, configReport, settingChanges } from "../audit/config-change.ts";
import { EXIT_CODES, makeReport, type Outcome } from "../audit/report.ts";
import { parseArguments, takeOption, takeOptional } from "./lib/arguments.ts";
import { main } from "./lib/command.ts";
import { besideSettings, readUntrusted } from "./lib/config-change.ts";
import { workflowPullRequest } from "./lib/pull-request.ts";
import { openStackFile } from "./lib/session.ts";
import { commentPlace, tellComment } from "./lib/tell-comment.ts";

/** What comments need of a report: a pull request that was not previewed gets no labels. */
const UNLABELLED = { changes: [], unchanged: 0, policies: [], diagnostics: [], complete: true } as const;

/**
 * `npm run audit-config -- --stack <name> --head <file> [--out <file>] [--comment [<owner>/<repository>#<number>]]`: how
 * another stack file differs from this work tree's. For pull requests that nobody trusts: the file is read, nothing of
 * it is run, and no credential is needed. Exit codes as of an audit.
 */
await main(async () => {
  const parsed = parseArguments(process.argv.slice(2));
  const head = takeOption(parsed.rest, "--head");
  const out = takeOption(head.rest, "--out");
  const commented = takeOptional(out.rest, "--comment");
  const from = process.env.INIT_CWD ?? process.cwd();
  if (head.value === undefined) throw new Error("--head: found nothing, expected the other stack file");
  if (commented.rest.length > 0)
    throw new Error(`found ${commented.rest.join(" ")}, expected no more options`);
  const target = commentPlace(commented.value);
  const { root, text: baseText } = openStackFile(parsed);
  const headText = readFileSync(resolve(from, head.value), "utf8");
  const commit = process.env.AUDIT_COMMIT || workflowPullRequest()?.head;
  const change: ConfigChange = {
    stack: parsed.stack,
    commit,
    base: readUntrusted(root, parsed.stack, baseText),
    head: readUntrusted(root, parsed.stack, headText),
    beside: { base: besideSettings(baseText), head: besideSettings(headText) },
  };
  const text = configReport(change);
  process.stdout.write(text);
  if (out.value !== undefined) writeFileSync(resolve(from, out.value), text);
  const { stack } = parsed;
  const report = makeReport(UNLABELLED, { stack, levels: {}, ...(commit === undefined ? {} : { commit }) });
  if (target !== undefined && !(await tellComment(target, report, text))) return EXIT_CODES.error;
  const outcome: Outcome =
    "refusal" in change.head ? "error" : settingChanges(change).length > 0 ? "changes" : "clean";
  return EXIT_CODES[outcome];
});
