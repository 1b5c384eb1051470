import type { Architecture } from "../contracts/architecture.ts";
import { releaseAssetKey } from "../contracts/release-asset.ts";
import { bucketArtifact, VersionsDocument } from "../contracts/versions.ts";

/** An artifact of the runner's own bucket that a build needs. */
export interface BucketPin {
  /** Where it stands in versions.json. */
  readonly field: string;
  readonly url: string;
  readonly key: string;
  readonly sha256: string;
  /** It is to be had by its URL, too: what the bucket lacks is left to the builder. */
  readonly elsewhere: boolean;
}

/** What a build's own artifacts are told from others by. */
export interface Own {
  readonly bucket: string;
  /** Base of GitHub's REST API. */
  readonly apiUrl: string;
  /** The owner of the pipeline's repositories. */
  readonly organization: string;
}

export interface BucketPins {
  readonly pins: readonly BucketPin[];
  /** One line each. */
  readonly problems: readonly string[];
}

/**
 * What a `versions.json` pins in the artifact bucket for these architectures: by its `s3://` address, or as the asset
 * of a release of the organization, which lies there under the same name. A document that is not as its schema says
 * pins nothing here: the builder reads it next and names its mistakes.
 */
export function bucketPins(
  document: Buffer | undefined,
  architectures: readonly Architecture[],
  own: Own,
): BucketPins {
  const parsed = VersionsDocument.safeParse(parse(document));
  if (!parsed.success) return { pins: [], problems: [] };
  const { rootfs, kernel = {}, firmware = {} } = parsed.data;
  const pinned = [
    ...architectures.flatMap((architecture) => [
      { field: `rootfs.${architecture}`, pin: rootfs[architecture] },
      { field: `kernel.${architecture}`, pin: kernel[architecture] },
    ]),
    ...Object.entries(firmware).map(([name, pin]) => ({ field: `firmware.${name}`, pin })),
  ];
  const pins: BucketPin[] = [];
  const problems: string[] = [];
  for (const { field: name, pin } of pinned) {
    const { url = "", sha256 = "" } = pin ?? {};
    const field = `versions.json: ${name}`;
    const place = bucketArtifact(url);
    const asset = releaseAssetKey(url, own);
    if (asset !== undefined) pins.push({ field, url, key: asset, sha256, elsewhere: true });
    if (place !== undefined) pins.push({ field, url, key: place.key, sha256, elsewhere: false });
    if (place !== undefined && place.bucket !== own.bucket)
      problems.push(`${field}.url: found ${url}, expected an artifact of s3://${own.bucket}`);
  }
  return { pins, problems };
}

function parse(document: Buffer | undefined): unknown {
  try {
    return JSON.parse(document?.toString("utf8") ?? "null");
  } catch {
    return undefined;
  }
}
