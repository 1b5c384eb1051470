import { readJob } from "../clients/build-message.ts";
import { reasonOf } from "../clients/text.ts";
import { ARCHITECTURES } from "../contracts/architecture.ts";
import { handle } from "./handle.ts";
import { giveUp, type JobEnd, release, runJob } from "./job.ts";
import type { BuildQueue } from "./queue.ts";
import type { Tools } from "./tools.ts";

const WAIT_SECONDS = 5;

/**
 * Does the one job that it is given, as JSON. What goes wrong is its end, unless it `comesAgain`: then it waits again
 * (undefined), and whoever gave it decides how often.
 */
export async function runGiven(
  tools: Tools,
  text: string,
  stop: AbortSignal,
  comesAgain = false,
): Promise<JobEnd | undefined> {
  const read = ARCHITECTURES.map((architecture) => readJob(text, architecture));
  const job = read.flatMap((one) => ("job" in one ? [one.job] : []))[0];
  if (job === undefined) {
    const [first] = read;
    throw new Error(first !== undefined && "reason" in first ? first.reason : "found no build job");
  }
  try {
    return await runJob(tools, job, stop);
  } catch (error) {
    tools.log({ message: "job not done", reason: reasonOf(error) });
    if (comesAgain) {
      await release(tools, job, `the pipeline failed and tries again: ${reasonOf(error)}`);
      return undefined;
    }
    await giveUp(tools, job, `the pipeline could not build this commit: ${reasonOf(error)}`);
    return "error";
  }
}

/** Does the next job of the queues, if there is one. Undefined when there was none, or none that could be done. */
export async function runNext(
  tools: Tools,
  queues: readonly BuildQueue[],
  stop: AbortSignal,
): Promise<JobEnd | undefined> {
  for (const queue of queues) {
    const message = await queue.receive(WAIT_SECONDS, tools.times.visibilitySeconds);
    if (message !== undefined) return await handle(tools, queue, message, stop);
  }
  return undefined;
}
