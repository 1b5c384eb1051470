import type { Architecture } from "../../contracts/architecture.ts";
import { checkRunId } from "../../contracts/build-key.ts";
import { type BuildRecord, FINAL_STATES } from "../../contracts/build-record.ts";
import { ABANDONED_AFTER_MS } from "../dispatch/decide/once.ts";

/** A queue keeps a job for four days (components/build-queue.ts); then it is gone without a word. In ms. */
const KEPT_MS = 4 * 24 * 3600_000;

/** What is known of a queue's jobs. */
export interface QueueSight {
  /** No job waits in it and none is at work. */
  readonly empty: boolean;
  /** Which attempts lie among its dead letters, as `checkRunId` writes them. */
  readonly dead: ReadonlySet<string>;
}

export interface BuildTimes {
  /** How long a build's record may stand still, in ms. */
  readonly stillMs: number;
  /** After which a build should have ended, in ms. */
  readonly stuckMs: number;
}

export type BuildAct =
  /** What dispatch began and did not finish: check run and job. */
  | { readonly do: "resume"; readonly record: BuildRecord }
  /** Nobody has the job any more. */
  | { readonly do: "end"; readonly record: BuildRecord; readonly because: string }
  /** The record is final, and its check run may not say so. */
  | { readonly do: "tell"; readonly record: BuildRecord };

const ageOf = ({ updatedAt }: BuildRecord, now: number) => now - Date.parse(updatedAt);

const isOpen = ({ state }: BuildRecord) => state === "queued" || state === "running";

/** Whether dispatch died before it had done all that a delivery asked for. */
function isHalfDone({ state, sentAt, checkRun }: BuildRecord): boolean {
  return (state === "queued" && sentAt === undefined) || (state === "waiting" && checkRun === undefined);
}

/** Whether a build's job should be with a queue or a runner, and its record stands still. */
export function isStill(record: BuildRecord, now: number, { stillMs }: BuildTimes): boolean {
  return isOpen(record) && !isHalfDone(record) && ageOf(record, now) > stillMs;
}

/** Why nobody has the job of a record that stands still; undefined where somebody may have it. */
function goneBecause(
  record: BuildRecord,
  queues: Readonly<Partial<Record<Architecture, QueueSight>>>,
  now: number,
): string | undefined {
  const { id, attempt, architectures, queuedAt, sentAt = queuedAt } = record;
  const [architecture] = architectures;
  const queue = architecture === undefined ? undefined : queues[architecture];
  if (queue === undefined) return `there is no queue for ${architecture} any more`;
  if (queue.dead.has(checkRunId(id, attempt))) return "its runner died each time that it was tried";
  if (queue.empty) return "no queue and no runner has it any more";
  if (now - Date.parse(sentAt) > KEPT_MS) return "it waited longer than a queue keeps a job";
  return undefined;
}

/**
 * What is done about builds that nobody works on. `queues` has every queue of the pipeline, as it was after the records
 * were read: a job that was taken in between has renewed its record, and the write that ends it fails.
 */
export function planBuilds(
  records: readonly BuildRecord[],
  queues: Readonly<Partial<Record<Architecture, QueueSight>>>,
  times: BuildTimes,
  now: number,
): readonly BuildAct[] {
  return records.flatMap((record): BuildAct[] => {
    if (isHalfDone(record)) {
      return ageOf(record, now) > ABANDONED_AFTER_MS ? [{ do: "resume", record }] : [];
    }
    if (isStill(record, now, times)) {
      const because = goneBecause(record, queues, now);
      return because === undefined ? [] : [{ do: "end", record, because }];
    }
    const untold = FINAL_STATES.includes(record.state) && record.toldAt === undefined;
    return untold && ageOf(record, now) > times.stillMs ? [{ do: "tell", record }] : [];
  });
}

/** How many builds should have ended by now. */
export function stuckBuilds(records: readonly BuildRecord[], { stuckMs }: BuildTimes, now: number): number {
  return records.filter((record) => isOpen(record) && now - Date.parse(record.queuedAt) > stuckMs).length;
}
