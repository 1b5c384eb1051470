import type { BuildJob } from "../../contracts/build-job.ts";
import type { BuildRecord, BuildState } from "../../contracts/build-record.ts";

/** As often as CodeBuild is asked to do one attempt: what fails more often is no accident. */
export const MAX_STARTS = 3;

/** As often as a message is looked at whose record is not as dispatch leaves it. */
const MAX_LOOKS = 3;

/** Between two looks at a build that is under way. */
const LOOK_AGAIN_SECONDS = 300;

/** Until dispatch has written what is missing, or another call of this function is done. */
export const SHORT_WAIT_SECONDS = 60;

/** How the CodeBuild build of a job is: `reason` says in one line how it failed. */
export type BuildSight =
  | { readonly type: "under way" | "succeeded" }
  | { readonly type: "failed"; readonly reason: string };

export type EndState = "success" | "failure" | "cancelled" | "error";

/** What is known of a message's job. */
export interface Seen {
  readonly job: BuildJob;
  /** How often the message was handed out, this time included. */
  readonly receives: number;
  readonly record: BuildRecord | undefined;
  /** The key of the build that makes this one needless. */
  readonly newer: string | undefined;
  /** The CodeBuild build that was started last for this attempt, where its id is known. */
  readonly build: BuildSight | undefined;
}

export type Decision =
  /** The job has its end: the message goes. */
  | { readonly type: "done"; readonly why: string }
  | { readonly type: "wait"; readonly seconds: number; readonly why: string }
  /** `start`: the how manieth for this attempt. */
  | { readonly type: "start"; readonly start: number }
  /** No CodeBuild build will do it any more: what is said of it is said here. */
  | { readonly type: "end"; readonly state: EndState; readonly reason: string };

/**
 * What to do with a message. It stays in its queue until the job has its end, so that whatever dies on the way, the
 * message comes back here and the job goes on.
 */
export function decide({ job, receives, record, newer, build }: Seen): Decision {
  if (record !== undefined && record.attempt > job.attempt)
    return { type: "done", why: "a later attempt is there" };
  if (record === undefined || record.attempt < job.attempt || record.state === "waiting")
    return unexpected(job, receives, record);
  const cancelled: Decision = {
    type: "end",
    state: "cancelled",
    reason: `a newer commit is built: ${newer}`,
  };
  const final = endOf(record.state);
  const started = record.codebuild?.attempt === job.attempt ? record.codebuild : undefined;
  if (started === undefined) {
    if (final !== undefined) return { type: "done", why: `it ended already: ${final}` };
    return newer === undefined ? { type: "start", start: 1 } : cancelled;
  }
  if (build === undefined) {
    // CodeBuild was asked, and did not answer or had no room: asked again in the same words, it starts no second build.
    return newer === undefined || final !== undefined ? { type: "start", start: started.start } : cancelled;
  }
  if (build.type === "under way")
    return { type: "wait", seconds: LOOK_AGAIN_SECONDS, why: "its build is under way" };
  if (build.type === "succeeded" && final !== undefined) return { type: "done", why: `it ended: ${final}` };
  const tries = started.start < MAX_STARTS;
  if (final !== undefined) {
    // What was written down may not have been told. A result is told best by who reads its manifest.
    const again = tries && (final === "success" || final === "failure");
    if (again) return { type: "start", start: started.start + 1 };
    return { type: "end", state: final, reason: record.reason ?? "" };
  }
  if (newer !== undefined) return cancelled;
  if (tries) return { type: "start", start: started.start + 1 };
  const last = build.type === "failed" ? build.reason : "its build ended without a result";
  const reason = `the pipeline could not build this commit in ${started.start} attempts: ${last}`;
  return { type: "end", state: "error", reason: record.reason ? `${reason}; ${record.reason}` : reason };
}

function endOf(state: BuildState): EndState | undefined {
  return state === "success" || state === "failure" || state === "cancelled" || state === "error"
    ? state
    : undefined;
}

function unexpected(job: BuildJob, receives: number, record: BuildRecord | undefined): Decision {
  const found = record === undefined ? "nothing" : `attempt ${record.attempt} in state ${record.state}`;
  const reason = `found ${found} in the table, expected attempt ${job.attempt} in state queued`;
  return receives < MAX_LOOKS
    ? { type: "wait", seconds: SHORT_WAIT_SECONDS, why: reason }
    : { type: "end", state: "error", reason };
}

/**
 * How long a job waits for room, by how often its message was handed out: 30 s, and twice as long each time up to five
 * minutes, so that the thousand times of its queue last longer than three days.
 */
export function backoffSeconds(receives: number): number {
  return Math.min(300, 30 * 2 ** Math.min(Math.max(0, receives - 1), 5));
}
