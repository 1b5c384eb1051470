import { readJob } from "../clients/build-message.ts";
import { reasonOf } from "../clients/text.ts";
import { type BuildJob, buildKey } from "../contracts/build-job.ts";
import { Stopped } from "./failure.ts";
import { giveUp, type JobEnd, release, runJob } from "./job.ts";
import { type BuildQueue, MAX_RECEIVES, type Message } from "./queue.ts";
import { Repeated } from "./repeat.ts";
import type { Tools } from "./tools.ts";

/**
 * Does what a message asks for and takes it off the queue; gives it back when it could not; puts it among the dead
 * letters when it is no job, or was handed out for the last time. Never throws: what fails here comes back by itself.
 * `beforeStopped` is waited for before a stopping runner gives a job back.
 */
export async function handle(
  tools: Tools,
  queue: BuildQueue,
  message: Message,
  stop: AbortSignal,
  beforeStopped: () => Promise<void> = async () => undefined,
): Promise<JobEnd | undefined> {
  const read = readJob(message.body, queue.architecture);
  const { times, log, inWork } = tools;
  const key = "job" in read ? buildKey(read.job) : undefined;
  if (key !== undefined && inWork.has(key)) {
    // When it comes back, the record says how it ended.
    log({ message: "handed out twice", build: key });
    return undefined;
  }
  const keep = new Repeated(
    times.keepMessage,
    () => queue.keep(message, times.visibilitySeconds),
    (error) => log({ message: "cannot keep a message", reason: reasonOf(error) }),
  );
  try {
    if ("reason" in read) {
      log({ message: "no build job", queue: queue.architecture, reason: read.reason });
      await queue.bury(message, read.reason);
      return undefined;
    }
    inWork.add(buildKey(read.job));
    const end = await runJob(tools, read.job, stop);
    await queue.remove(message);
    log({ message: "job done", repository: read.job.repository, commit: read.job.commit, end });
    return end;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    log({ message: "job not done", reason: reasonOf(failure), stack: failure.stack });
    // Kept until it is given back, but not after.
    if (failure instanceof Stopped) await beforeStopped();
    await keep.stop();
    if ("job" in read) {
      await comeBack(tools, queue, message, read.job, failure).catch((second: unknown) =>
        log({ message: "cannot give a job back", reason: reasonOf(second) }),
      );
    }
    return undefined;
  } finally {
    if (key !== undefined) inWork.delete(key);
    await keep.stop();
  }
}

async function comeBack(
  tools: Tools,
  queue: BuildQueue,
  message: Message,
  job: BuildJob,
  error: Error,
): Promise<void> {
  const stopped = error instanceof Stopped;
  if (message.receives >= MAX_RECEIVES) {
    const reason = `the pipeline could not build this commit in ${message.receives} attempts: ${reasonOf(error)}`;
    await giveUp(tools, job, reason);
    await queue.bury(message, reason);
    return;
  }
  const reason = stopped
    ? "the runner was stopped, another one builds this commit"
    : `the pipeline failed and tries again: ${reasonOf(error)}`;
  try {
    await release(tools, job, reason);
  } finally {
    await queue.keep(message, stopped ? 0 : tools.times.retrySeconds);
  }
}
