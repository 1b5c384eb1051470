import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Event, SNSEvent } from "aws-lambda";
import { splitFullName } from "../../contracts/git.ts";
import {
  PUBLISHED_RELEASE_MAX_BYTES,
  PublishedRelease,
  parsePublishedReleaseKey,
} from "../../contracts/published-release.ts";
import { parseDocument } from "./document.ts";
import { readText } from "./read-text.ts";

/** The key of an S3 event's record; it is form-encoded there. */
export function objectKey(eventKey: string): string {
  return decodeURIComponent(eventKey.replaceAll("+", " "));
}

/**
 * The keys of the `release.json` documents that a notification of the releases' topic tells of, each once. Everything
 * else in it, S3's own test message too, tells of none.
 */
export function publishedReleaseKeys(event: SNSEvent): readonly string[] {
  const keys = event.Records.flatMap(({ Sns }) => {
    const { Records = [] }: Partial<S3Event> = JSON.parse(Sns.Message);
    return Records.map(({ s3 }) => objectKey(s3.object.key));
  });
  return [...new Set(keys)].filter((key) => parsePublishedReleaseKey(key) !== undefined);
}

/** Reads a `release.json`. Throws for one that does not parse or contradicts its place. */
export async function readPublishedRelease(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<PublishedRelease> {
  const text = await readText(s3, bucket, key, PUBLISHED_RELEASE_MAX_BYTES);
  const release = parseDocument(key, text, PublishedRelease, "a published release");
  const { repo } = splitFullName(release.repository);
  const place = parsePublishedReleaseKey(key);
  if (repo !== place?.repository || release.tag !== place.tag) {
    throw new Error(
      `${key}: repository, tag: found ${repo} ${release.tag}, expected ${place?.repository} ${place?.tag}`,
    );
  }
  return release;
}
