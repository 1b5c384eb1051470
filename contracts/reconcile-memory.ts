import { z } from "zod";

/** What reconcile keeps in the builds table, beside builds, by id. */
export const LAST_RUN_ID = "reconcile/last-run";

/** The id under which reconcile remembers how far it looked at the deliveries of a repository. */
export function hookMemoryId(repository: string): string {
  return `reconcile/hook/${repository}`;
}

const count = z.int().min(0);

/** What a run did: counts of acts by kind, and what is left for people. */
export const ReconcileSummary = z.object({
  /** When it ended. */
  at: z.iso.datetime(),
  done: z.record(z.string(), count),
  /** Acts and looks that failed; the next run tries again. */
  failed: count,
  /** Acts that another run did in the meantime, or that were no longer needed. */
  needless: count,
  /** Acts for which there was no time or that are beyond what one run does. */
  left: count,
  /** Deliveries that still fail after half an hour. */
  undelivered: count,
  /** Builds that should have ended by now. */
  stuck: count,
  /** Releases that were not published within the last day, and that reconcile does not try again. */
  unpublished: count,
});

export type ReconcileSummary = z.infer<typeof ReconcileSummary>;
