import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { BuildRecord } from "../../contracts/build-record.ts";
import { MANIFEST_FILE, MANIFEST_MAX_BYTES, Manifest } from "../../contracts/manifest.ts";
import { readText } from "../lib/read-text.ts";

/** The manifest that this attempt of a build ended in; undefined where it left none. */
export async function manifestOf(
  s3: S3Client,
  bucket: string,
  { id, attempt, commit }: BuildRecord,
): Promise<Manifest | undefined> {
  const Key = `${id}/${MANIFEST_FILE}`;
  // Who may not list the whole bucket is refused, not told, what is missing.
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 }));
  if (listed.Contents?.[0]?.Key !== Key) return undefined;
  const manifest = Manifest.parse(JSON.parse(await readText(s3, bucket, Key, MANIFEST_MAX_BYTES)));
  const isEnd = manifest.attempt === attempt || manifest.result === "success";
  return isEnd && manifest.commit === commit ? manifest : undefined;
}
