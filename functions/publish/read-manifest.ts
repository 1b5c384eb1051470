import type { S3Client } from "@aws-sdk/client-s3";
import { splitFullName } from "../../contracts/git.ts";
import { MANIFEST_MAX_BYTES, Manifest } from "../../contracts/manifest.ts";
import { parseDocument } from "../lib/document.ts";
import { readText } from "../lib/read-text.ts";
import type { ReleaseKey } from "./release-key.ts";

/**
 * The manifest of a tag's build. Throws for one that does not parse or contradicts its place.
 */
export async function readManifest(
  s3: S3Client,
  bucket: string,
  place: ReleaseKey & { readonly key: string },
): Promise<Manifest> {
  const text = await readText(s3, bucket, place.key, MANIFEST_MAX_BYTES);
  const manifest = parseDocument(place.key, text, Manifest, "a manifest");
  const { repository, trigger } = manifest;
  const { repo } = splitFullName(repository);
  const tag = trigger.type === "tag" ? trigger.tag : undefined;
  if (repo !== place.repository || tag !== place.tag) {
    const found = `${repo} ${tag ?? "without a tag"}`;
    throw new Error(
      `${place.key}: repository, tag: found ${found}, expected ${place.repository} ${place.tag}`,
    );
  }
  return manifest;
}
