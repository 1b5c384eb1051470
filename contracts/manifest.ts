import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in hex");

/** The largest manifest that is read, in bytes. */
export const MANIFEST_MAX_BYTES = 1024 * 1024;

/** The commit point of a build: it lists every artifact and is written last. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  /** `owner/name`. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/name"),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "expected a commit id of 40 hex digits"),
  /** The tag that the build is of; missing for pushes and pull requests. */
  tag: z.string().min(1).max(200).optional(),
  artifacts: z
    .array(
      z.strictObject({
        /** Relative to the manifest. */
        path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[\w.+~/-]{1,255}$/, "expected a relative path"),
        /** Bytes. */
        size: z.int().min(0),
        sha256,
      }),
    )
    .max(1000),
});

export type Manifest = z.infer<typeof Manifest>;
