import { z } from "zod";
import { GithubAccess } from "./runner-settings.ts";
import { SigningKey } from "./signature.ts";

/** The environment variable that holds the settings of publish, as JSON. */
export const PUBLISH_SETTINGS_VARIABLE = "PUBLISH_SETTINGS";

/** What publish is told: the program writes it, the function reads it. */
export const PublishSettings = z.strictObject({
  /** The owner of every repository. */
  organization: z.string().min(1),
  /** Table of releases (contracts/release-record.ts), hash key `release`. */
  releasesTable: z.string().min(1),
  /** The artifact bucket. */
  bucket: z.string().min(1),
  github: GithubAccess,
  /** Who builds, as provenance names it: a URI. */
  builderId: z.url(),
  /** What signs provenance and checksums. */
  signingKey: SigningKey,
});

export type PublishSettings = z.infer<typeof PublishSettings>;
