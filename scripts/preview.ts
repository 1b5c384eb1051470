import { parseArguments } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { display, runEngine } from "./lib/engine-run.ts";
import { policyOptions } from "./lib/policy-options.ts";
import { openSession, openStackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/** `npm run preview [-- --stack <name>] [engine options]`: says what `up` would change. */
await main(async () => {
  const args = parseArguments(process.argv.slice(2));
  const { root, text } = openStackFile(args);
  const config = checkStackFile(root, args.stack, text);
  const session = await openSession(args, log);
  const options =
    session.local === undefined ? ["--stack", session.stack] : ["--refresh", "--diff", ...display];
  return await runEngine(session, ["preview", ...options, ...policyOptions(session, config), ...args.rest]);
});
