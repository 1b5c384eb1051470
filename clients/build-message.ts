import type { Architecture } from "../contracts/architecture.ts";
import { BUILD_JOB_MAX_BYTES, BuildJob } from "../contracts/build-job.ts";
import { problemLines } from "../contracts/problems.ts";
import { oneLine } from "./text.ts";

export type ReadJob = { readonly job: BuildJob } | { readonly reason: string };

/** As long as a message attribute should be that people read. */
const MAX_REASON = 1000;

/** Reads a message of the queue of `architecture`: the job, or everything that is wrong with it. */
export function readJob(body: string, architecture: Architecture): ReadJob {
  const bytes = Buffer.byteLength(body);
  if (bytes > BUILD_JOB_MAX_BYTES) {
    return { reason: `(whole): found ${bytes} bytes, expected at most ${BUILD_JOB_MAX_BYTES}` };
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { reason: "(whole): found what is no JSON, expected a build job" };
  }
  const parsed = BuildJob.safeParse(value);
  if (!parsed.success) {
    const lines = problemLines(parsed.error).map((line) => line.replaceAll("\n", ", "));
    return { reason: oneLine(lines.join("; "), MAX_REASON) };
  }
  const [first] = parsed.data.architectures;
  if (first !== architecture) {
    return { reason: `architectures.0: found ${first}, expected ${architecture}, as this queue is for` };
  }
  return { job: parsed.data };
}
