import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { Sha256 } from "./git.ts";
import { RelativePath, Slug } from "./names.ts";
import { exactObject } from "./object.ts";

/** The file of an image repository that pins what its image is made of. */
export const VERSIONS_FILE = "versions.json";

/** The version of `versions.json`. */
const VERSIONS_VERSION = 1;

/** An artifact of the pipeline's own bucket; the runner fetches it, since a build reaches no bucket. */
const BUCKET_ARTIFACT =
  /^s3:\/\/(?!.*\/\.{0,2}(?:\/|$))[a-z0-9-]{3,63}\/(?:builds|releases)\/[\w.+~/-]{1,800}$/;

/** In printable ASCII and without a user's name and password, which logs would tell. */
const WEB = /^https?:\/\/[!-.0-?A-~]+\/[!-~]+$/;

const urlExpected = "an http(s) URL, s3://<artifact bucket>/builds|releases/…, or a path in this repository";

export const PinnedUrl = z
  .string({ error: urlExpected })
  .max(2000, { error: urlExpected })
  .refine((url) => WEB.test(url) || BUCKET_ARTIFACT.test(url) || RelativePath.safeParse(url).success, {
    error: urlExpected,
  });

/** A file by address and content. */
export const Pin = exactObject({ url: PinnedUrl, sha256: Sha256 }).meta({
  description: "A file by address and content.",
});

export type Pin = z.infer<typeof Pin>;

function byArchitecture(description: string) {
  return z
    .partialRecord(Architecture, Pin, { error: "a mapping of Debian architectures to url and sha256" })
    .meta({ description });
}

/** `versions.json` of an image repository: what an image is made of, each by its SHA-256. People and the pipeline write it. */
export const VersionsDocument = exactObject({
  version: z.literal(VERSIONS_VERSION, { error: `${VERSIONS_VERSION}, the version that this builder reads` }),
  rootfs: byArchitecture("The root filesystem by Debian architecture."),
  kernel: byArchitecture("The kernel's package, where board.json says that it is pinned.").exactOptional(),
  firmware: z
    .record(Slug, Pin, { error: "a mapping of names to url and sha256" })
    .exactOptional()
    .meta({ description: "A vendor's files by the names that board.json gives them." }),
}).meta({ description: "versions.json: what an image is made of." });

export type VersionsDocument = z.infer<typeof VersionsDocument>;

/** Bucket and key of `s3://bucket/key`; undefined for any other address. */
export function bucketArtifact(url: string): { readonly bucket: string; readonly key: string } | undefined {
  if (!BUCKET_ARTIFACT.test(url)) return undefined;
  const [bucket = "", ...key] = url.slice("s3://".length).split("/");
  return { bucket, key: key.join("/") };
}
