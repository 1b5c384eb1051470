import { type BuildIdentity, buildKey } from "../../../contracts/build-job.ts";
import { type BuildRecord, lineageId } from "../../../contracts/build-record.ts";
import { type Known, nothing, type Step } from "./decision.ts";

/** A delivery has ended by then, whatever happened to it: what it left undone is anybody's. In ms. */
export const ABANDONED_AFTER_MS = 60_000;

/** Whether this delivery may finish what the record's delivery began. */
function mayResume(record: BuildRecord, { delivery, now }: Known): boolean {
  return record.delivery === delivery || now.getTime() - Date.parse(record.updatedAt) > ABANDONED_AFTER_MS;
}

/** Whether a record is queued and its job not known to be sent, by this delivery or by one that died. */
export function isUnsent(record: BuildRecord, known: Known): boolean {
  return record.state === "queued" && record.sentAt === undefined && mayResume(record, known);
}

/** Queues a build that there is none of yet. One that was cancelled never had a result, so it is built again. */
export function queueOnce(build: BuildIdentity, known: Known): Step {
  const record = known.builds.get(buildKey(build));
  if (record === undefined) return { do: "queue", build, attempt: 1, claim: { how: "new" } };
  const { attempt, state, trigger } = record;
  if (isUnsent(record, known)) {
    // As it was begun: another branch may have the same commit.
    return { do: "queue", build: { ...build, trigger }, attempt, claim: { how: "resume" } };
  }
  // As it is asked for now: the branch that it was built for may have gone on.
  if (state === "cancelled") {
    return { do: "queue", build, attempt: attempt + 1, claim: { how: "move", attempt, state } };
  }
  return nothing(`the commit has a build: ${state}`);
}

/** Keeps a stranger's commit until a maintainer approves it. */
export function waitOnce(build: BuildIdentity, known: Known): Step {
  const record = known.builds.get(buildKey(build));
  if (record === undefined) return { do: "wait", build, claim: { how: "new" } };
  if (record.state === "waiting" && record.checkRun === undefined && mayResume(record, known)) {
    return { do: "wait", build, claim: { how: "resume" } };
  }
  if (isUnsent(record, known)) return queueOnce(build, known);
  return nothing(`the commit has a build: ${record.state}`);
}

/** What a lineage leads to when nothing in it is wanted any more. */
export const CLOSED = "closed";

/**
 * The step that makes a build the newest of its branch or pull request; none where every build counts. `before` is the
 * key of the build that it follows.
 */
export function lead(build: BuildIdentity, order: number, before?: string): Step[] {
  const id = lineageId(build);
  if (id === undefined) return [];
  const previous = before === undefined ? {} : { before };
  return [{ do: "lead", lineage: { id, build: buildKey(build), order }, ...previous }];
}

/** The key that the build of the commit before has. */
export function keyBefore(build: BuildIdentity, commit: string | undefined): string | undefined {
  return commit === undefined ? undefined : buildKey({ ...build, commit });
}
