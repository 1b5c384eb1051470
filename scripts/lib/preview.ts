import type { Arguments } from "./arguments.ts";
import { log } from "./command.ts";
import { display, runEngine } from "./engine-run.ts";
import { openSession } from "./session.ts";

/** Shows what `up` would change. Resolves with the engine's exit code. */
export async function previewStack(args: Arguments): Promise<number> {
  const session = await openSession(args, log);
  const options =
    session.local === undefined ? ["--stack", session.stack] : ["--refresh", "--diff", ...display];
  return await runEngine(session, ["preview", ...options, ...args.rest]);
}
