import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { GithubAccess } from "./runner-settings.ts";

/** The environment variable that holds the settings of reconcile, as JSON. */
export const RECONCILE_SETTINGS_VARIABLE = "RECONCILE_SETTINGS";

/** The namespace of the metrics that reconcile writes; the alarms of components/reconciler.ts read them. */
export const METRICS_NAMESPACE = "HypriotOS";

/** How long what stands still is left alone, in seconds. */
export const ReconcilePatience = z.strictObject({
  /** A build whose record nobody renewed for so long has no runner. Longer than a queue hides a job from others. */
  build: z.int().min(1),
  /** A release that nobody changed for so long is worked on by nobody, and no event is on its way. */
  release: z.int().min(1),
});

export type ReconcilePatience = z.infer<typeof ReconcilePatience>;

/** What reconcile is told: the program writes it, the function reads it. */
export const ReconcileSettings = z.strictObject({
  /** The stack's name for the metrics. */
  pipeline: z.string().min(1),
  /** The owner of every repository. */
  organization: z.string().min(1),
  /** Where the repositories' webhooks deliver to: other hooks are none of ours. */
  webhookUrl: z.url(),
  /** Table of builds (contracts/build-record.ts), hash key `id`; reconcile's own memory is in it too. */
  buildsTable: z.string().min(1),
  /** Table of releases (contracts/release-record.ts), hash key `release`. */
  releasesTable: z.string().min(1),
  /** The artifact bucket. */
  bucket: z.string().min(1),
  queues: z.partialRecord(Architecture, z.strictObject({ url: z.url(), deadLetterUrl: z.url() })),
  /** Name of the function that publishes releases. */
  publishFunction: z.string().min(1),
  /** Where a build's log is shown: the build's key goes behind it. */
  logsUrl: z.url(),
  /** A build that has not ended after so many minutes counts as stuck. */
  stuckMinutes: z.int().min(1),
  patience: ReconcilePatience,
  github: GithubAccess,
});

export type ReconcileSettings = z.infer<typeof ReconcileSettings>;
