import type { PipelineConfig } from "../../infra/config/model.ts";
import type { Arguments } from "./arguments.ts";
import { log } from "./command.ts";
import { display, runEngine } from "./engine-run.ts";
import { policyOptions } from "./policy-options.ts";
import { openSession } from "./session.ts";

/** Shows what `up` would change, and what the policies say to it. Resolves with the engine's exit code. */
export async function previewStack(args: Arguments, config: PipelineConfig): Promise<number> {
  const session = await openSession(args, log);
  const options =
    session.local === undefined ? ["--stack", session.stack] : ["--refresh", "--diff", ...display];
  return await runEngine(session, ["preview", ...options, ...policyOptions(session, config), ...args.rest]);
}
