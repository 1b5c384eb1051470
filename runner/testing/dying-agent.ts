import { handle } from "../handle.ts";
import { type ToolsConfig, testTools } from "./tools.ts";

/**
 * Takes one message and is gone, without a word, right after a step: `node … dying-agent.ts <config as JSON> <step>`.
 * Exits with 0 when there was no such step.
 */
const [, , config = "", dies = ""] = process.argv;
const parsed: ToolsConfig = JSON.parse(config);
const { tools, queues } = await testTools(parsed, ({ step }) => {
  if (step === dies) process.kill(process.pid, "SIGKILL");
});
const [queue] = queues;
const message = await queue?.receive(5, tools.times.visibilitySeconds);
if (queue === undefined || message === undefined) throw new Error("the queue has no message");
await handle(tools, queue, message, new AbortController().signal);
