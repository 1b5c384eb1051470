import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { splitFullName } from "../../contracts/git.ts";
import type { Manifest } from "../../contracts/manifest.ts";
import {
  PUBLISHED_RELEASE_VERSION,
  type PublishedAsset,
  PublishedRelease,
  publishedReleaseKey,
} from "../../contracts/published-release.ts";
import type { Published } from "./drive.ts";
import type { Extracted } from "./extracted.ts";
import type { ReleasePlan } from "./plan.ts";

/** What there is to say of a release that is public. Throws where GitHub shows it without what makes it public. */
export function publishedRelease(
  manifest: Manifest,
  plan: ReleasePlan,
  { release, assets }: Published,
  extracted: ReadonlyMap<string, Extracted>,
): PublishedRelease {
  const urls = new Map(assets.map(({ name, url }) => [name, url]));
  return PublishedRelease.parse({
    version: PUBLISHED_RELEASE_VERSION,
    repository: manifest.repository,
    kind: manifest.kind,
    tag: plan.tag,
    commit: plan.commit,
    architectures: manifest.architectures,
    preRelease: plan.preRelease,
    url: release.url,
    publishedAt: release.publishedAt,
    assets: plan.assets.map(({ name, size, sha256, source }) => {
      const asset = { name, url: urls.get(name) ?? "", size, sha256 };
      if (!("path" in source)) return asset;
      const image = extracted.get(source.path);
      return { ...asset, path: source.path, ...(image === undefined ? {} : { extracted: image }) };
    }) satisfies PublishedAsset[],
  } satisfies Record<keyof PublishedRelease, unknown>);
}

/**
 * Writes `release.json`, the event of all that follows from a release. Once: what is there stays, and no second event
 * comes of it. Resolves with whether it was written.
 */
export async function announce(s3: S3Client, bucket: string, release: PublishedRelease): Promise<boolean> {
  const { repo } = splitFullName(release.repository);
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: publishedReleaseKey(repo, release.tag),
        Body: `${JSON.stringify(release, undefined, 2)}\n`,
        ContentType: "application/json",
        IfNoneMatch: "*",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "PreconditionFailed") return false;
    throw error;
  }
}
