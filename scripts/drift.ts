import { readDrift } from "../audit/changes.ts";
import { parseEvents } from "../audit/events.ts";
import { EXIT_CODES, makeReport, type Report } from "../audit/report.ts";
import { type Arguments, parseArguments } from "./lib/arguments.ts";
import { recordRefresh } from "./lib/audit-run.ts";
import { isExpected, log, main } from "./lib/command.ts";
import { putReport, reportOptions } from "./lib/report-output.ts";
import { openSession } from "./lib/session.ts";

/** What is there and not as the engine left it. What cannot be read has a report, too. */
async function drift(args: Arguments): Promise<Report> {
  const context = { kind: "drift", stack: args.stack, levels: {} } as const;
  try {
    const session = await openSession(args, log);
    const { log: events, failure } = await recordRefresh(session, args.rest);
    return makeReport(readDrift(parseEvents(events)), {
      ...context,
      ...(failure === undefined ? {} : { failure }),
    });
  } catch (error) {
    if (!isExpected(error)) throw error;
    return makeReport(readDrift([]), { ...context, failure: error.message });
  }
}

/**
 * `npm run drift [-- --stack <name>] [--json] [--out <file>] [--full <url>] [engine options]`: what was changed outside
 * of the program. Nothing is written, neither there nor in the engine's state. The exit code says how it ends
 * (docs/drift.md).
 */
await main(async () => {
  const { options, args } = reportOptions(parseArguments(process.argv.slice(2), ["json"]));
  const report = await drift(args);
  putReport(report, options, "drift");
  return EXIT_CODES[report.outcome];
});
