import { join, relative } from "node:path";
import { parseArguments } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { display, runEngine } from "./lib/engine-run.ts";
import { readStackState } from "./lib/engine-state.ts";
import { policyOptions } from "./lib/policy-options.ts";
import { openSession, openStackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";
import { programOutputs, upSummary } from "./lib/summary.ts";

/** `npm run up [-- --stack <name>] [engine options]`: brings a stack to what its stack file says. */
await main(async () => {
  const args = parseArguments(process.argv.slice(2));
  const { root, text } = openStackFile(args);
  const config = checkStackFile(root, args.stack, text);
  const session = await openSession(args, log);
  const { local, stack } = session;
  const policies = policyOptions(session, config);
  if (local === undefined) {
    return await runEngine(session, ["up", "--stack", stack, ...policies, ...args.rest]);
  }

  const interrupted = readStackState(local.stateDir, stack)?.pending ?? 0;
  if (interrupted > 0) {
    // What was being created when the engine was killed is in doubt. The local providers take up what is there already,
    // so that it may be forgotten here and made again.
    log(`engine: an earlier run was interrupted in ${interrupted} operation(s), clearing them`);
    const code = await runEngine(session, [
      "refresh",
      "--yes",
      "--skip-preview",
      "--clear-pending-creates",
      ...display,
    ]);
    if (code !== 0) return code;
  }
  // Refresh looks at what is really there, so that drift is repaired and a crashed emulator's losses are made good.
  const code = await runEngine(session, [
    "up",
    "--yes",
    "--skip-preview",
    "--refresh",
    ...display,
    ...policies,
    ...args.rest,
  ]);
  const state = readStackState(local.stateDir, stack);
  if (code === 0 && state !== undefined) {
    const file = join(local.stateDir, "cloud.json");
    const short = relative(session.root, file);
    log(upSummary(programOutputs(state.outputs), short.startsWith("..") ? file : `./${short}`));
  }
  return code;
});
