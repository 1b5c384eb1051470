import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { splitFullName } from "../../contracts/git.ts";
import { MANIFEST_MAX_BYTES, Manifest } from "../../contracts/manifest.ts";
import { problemLines } from "../../contracts/problems.ts";
import type { ReleaseKey } from "./release-key.ts";

/** A small object's text. Throws where it is larger than `maximum` bytes. */
export async function readText(s3: S3Client, bucket: string, key: string, maximum: number): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const size = object.ContentLength ?? 0;
  if (size > maximum) {
    object.Body?.transformToWebStream().cancel();
    throw new Error(`${key}: found ${size} bytes, expected at most ${maximum}`);
  }
  return (await object.Body?.transformToString("utf8")) ?? "";
}

/**
 * The manifest of a tag's build. Throws for one that does not parse or contradicts its place.
 */
export async function readManifest(
  s3: S3Client,
  bucket: string,
  place: ReleaseKey & { readonly key: string },
): Promise<Manifest> {
  const text = await readText(s3, bucket, place.key, MANIFEST_MAX_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${place.key}: found no JSON, expected a manifest`);
  }
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw new Error(`${place.key}: ${problemLines(parsed.error).join("; ")}`);
  const { repository, trigger } = parsed.data;
  const { repo } = splitFullName(repository);
  const tag = trigger.type === "tag" ? trigger.tag : undefined;
  if (repo !== place.repository || tag !== place.tag) {
    const found = `${repo} ${tag ?? "without a tag"}`;
    throw new Error(
      `${place.key}: repository, tag: found ${found}, expected ${place.repository} ${place.tag}`,
    );
  }
  return parsed.data;
}
