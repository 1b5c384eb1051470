import type { S3Client } from "@aws-sdk/client-s3";
import { splitFullName } from "../../contracts/git.ts";
import { problemLines } from "../../contracts/problems.ts";
import { PublishedRelease } from "../../contracts/published-release.ts";
import { readText } from "../publish/read-manifest.ts";

/** A thousand assets with the longest names and addresses that they may have are less. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A `release.json`. Throws for one that does not parse or contradicts its place. */
export async function readRelease(
  s3: S3Client,
  bucket: string,
  place: { readonly repository: string; readonly tag: string; readonly key: string },
): Promise<PublishedRelease> {
  const text = await readText(s3, bucket, place.key, MAX_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${place.key}: found no JSON, expected a published release`);
  }
  const parsed = PublishedRelease.safeParse(value);
  if (!parsed.success) throw new Error(`${place.key}: ${problemLines(parsed.error).join("; ")}`);
  const { repository, tag } = parsed.data;
  const { repo } = splitFullName(repository);
  if (repo !== place.repository || tag !== place.tag)
    throw new Error(
      `${place.key}: repository, tag: found ${repo} ${tag}, expected ${place.repository} ${place.tag}`,
    );
  return parsed.data;
}
