import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { GithubAccess } from "./runner-settings.ts";

/** The environment variable that holds the settings of dispatch, as JSON. */
export const DISPATCH_SETTINGS_VARIABLE = "DISPATCH_SETTINGS";

/** What dispatch is told: the program writes it, the function reads it. */
export const DispatchSettings = z.strictObject({
  /** The owner of every repository. */
  organization: z.string().min(1),
  /** Table that remembers deliveries, hash key `deliveryId`. */
  deliveriesTable: z.string().min(1),
  /** Table of builds (contracts/build-record.ts), hash key `id`. */
  buildsTable: z.string().min(1),
  /** Name of the secret with the webhook secrets by repository name. */
  webhookSecrets: z.string().min(1),
  /** The artifact bucket, for links to logs. */
  bucket: z.string().min(1),
  /** Queue URLs. */
  queues: z.partialRecord(Architecture, z.url()),
  /** Pattern of the release tags, as rulesets take it. */
  tagPattern: z.string().min(1),
  /** Whether anybody may read a build's log: as the repositories themselves. */
  publicLogs: z.boolean(),
  github: GithubAccess,
});

export type DispatchSettings = z.infer<typeof DispatchSettings>;
