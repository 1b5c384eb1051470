import { parseArguments } from "../../scripts/lib/arguments.ts";
import { openSession, type Session } from "../../scripts/lib/session.ts";
import type { TestStack } from "./test-stack.ts";

/** Starts the stack's cloud and gives what engine commands on it need: executable, environment, stack file. */
export function openStack(stack: TestStack): Promise<Session> {
  process.env.HYPRIOTOS_LOCAL = stack.stateDir;
  return openSession(parseArguments(["--stack", stack.name, "--config-file", stack.file]), () => undefined);
}
