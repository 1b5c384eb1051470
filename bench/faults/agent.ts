import { Agent } from "../../runner/agent.ts";
import { makeTools } from "../../runner/clients.ts";
import { readSettings } from "../../runner/settings.ts";
import { TIMES } from "../../runner/tools.ts";

/**
 * The runner's agent with short times, so that what a killed one leaves comes back in seconds. Argument: the settings'
 * file. Where AWS is and who it is there stands in its environment, as in its container.
 */
const [, , file] = process.argv;
const { tools, queues } = makeTools(await readSettings(file));
const times = { ...TIMES, visibilitySeconds: 15, keepMessage: 3_000, retrySeconds: 2 };
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
await new Agent({ ...tools, times }, queues).run(stop.signal);
