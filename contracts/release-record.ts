import { z } from "zod";
import { CommitId, RepositoryFullName, Sha256 } from "./git.ts";
import { ReleaseTag } from "./release-tag.ts";
import { Signature } from "./signature.ts";

/** The releases table's hash key. */
export const RELEASES_KEY = "release";

/** `failed`: told on the commit; the next event tries again. `published` is final, and `release.json` is there. */
export const ReleaseState = z.enum(["publishing", "published", "failed"]);
export type ReleaseState = z.infer<typeof ReleaseState>;

/** An asset that was uploaded, by name: what GitHub does not tell everywhere. */
export const UploadedAsset = z.object({ id: z.int().min(1), sha256: Sha256 });
export type UploadedAsset = z.infer<typeof UploadedAsset>;

/** What the releases table holds of a release, under `release` = `<repository>/<tag>`. Kept for ever. */
export const ReleaseRecord = z.object({
  release: z.string().min(1),
  repository: RepositoryFullName,
  tag: ReleaseTag,
  commit: CommitId,
  state: ReleaseState,
  /** One more each time that a check run was ended with a failure. */
  attempt: z.int().min(1),
  checkRun: z.int().min(1).optional(),
  /** The id of the GitHub Release. */
  githubRelease: z.int().min(1).optional(),
  uploaded: z.record(z.string(), UploadedAsset),
  /** Of the provenance. */
  provenance: Signature.optional(),
  /** Of the checksums. */
  signature: Signature.optional(),
  /** `failed` for good: an event tries again, reconcile does not. */
  refused: z.boolean().optional(),
  /** How often reconcile took it up again, and when last. */
  resumes: z.int().min(0).optional(),
  resumedAt: z.iso.datetime().optional(),
  /** One line: why it failed. */
  reason: z.string().max(2000).optional(),
  /** Which invocation works on it, and until when (milliseconds since the epoch) unless it says so again. */
  leaseOwner: z.string().optional(),
  leaseUntil: z.number(),
  updatedAt: z.iso.datetime(),
});

export type ReleaseRecord = z.infer<typeof ReleaseRecord>;

/** The id of a release in the table. */
export function releaseId(repository: string, tag: string): string {
  return `${repository}/${tag}`;
}
