import { parseArguments } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { runEngine } from "./lib/engine-run.ts";
import { openSession } from "./lib/session.ts";

/**
 * `npm run pulumi -- [--stack <name>] <command> …`: any engine command on the stack's state and environment. Its exit
 * code is the engine's.
 */
await main(async () => {
  const args = parseArguments(process.argv.slice(2));
  const session = await openSession(args, log);
  const selected =
    session.local === undefined
      ? { ...session, env: { ...session.env, PULUMI_STACK: session.stack } }
      : session;
  return await runEngine(selected, args.rest);
});
