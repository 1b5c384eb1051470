import { readHistory, renderHistory } from "../audit/history.ts";
import { parseArguments, takeOption } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { runCaptured } from "./lib/engine-run.ts";
import { openSession } from "./lib/session.ts";

const DEFAULT_LIMIT = "10";
const MOST = 10_000;

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= MOST) return limit;
  throw new Error(`--limit: found ${text}, expected a number from 1 to ${MOST.toLocaleString("en-US")}`);
}

/**
 * `npm run history [-- --stack <name>] [--limit <number>] [--json]`: who changed what when, from the state backend's
 * history (docs/history.md).
 */
await main(async () => {
  const args = parseArguments(process.argv.slice(2), ["json"]);
  const { value = DEFAULT_LIMIT, rest } = takeOption(args.rest, "--limit");
  const limit = readLimit(value);
  if (rest.length > 0) {
    throw new Error(`npm run history: found ${rest.join(" ")}, expected --stack, --limit or --json`);
  }
  const session = await openSession(args, log);
  const { local, stack, root } = session;
  const command = ["stack", "history", "--stack", stack, "--json", "--page-size", String(limit)];
  const { code, output } = await runCaptured(session, command, local?.projectDir ?? root);
  if (code !== 0) throw new Error(`the history cannot be read: ${output}`);
  const entries = readHistory(output);
  process.stdout.write(
    args.switches.has("json") ? `${JSON.stringify(entries, undefined, 2)}\n` : renderHistory(stack, entries),
  );
  return 0;
});
