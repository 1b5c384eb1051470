import type { Architecture } from "../contracts/architecture.ts";
import { bucketArtifact, VersionsDocument } from "../contracts/versions.ts";

/** An artifact of the runner's own bucket that a build needs. */
export interface BucketPin {
  /** Where it stands in versions.json. */
  readonly field: string;
  readonly url: string;
  readonly key: string;
  readonly sha256: string;
}

export interface BucketPins {
  readonly pins: readonly BucketPin[];
  /** One line each. */
  readonly problems: readonly string[];
}

/**
 * What a `versions.json` pins in the artifact bucket for these architectures. A document that is not as its schema says
 * pins nothing here: the builder reads it next and names its mistakes.
 */
export function bucketPins(
  document: Buffer | undefined,
  architectures: readonly Architecture[],
  bucket: string,
): BucketPins {
  const parsed = VersionsDocument.safeParse(parse(document));
  if (!parsed.success) return { pins: [], problems: [] };
  const { rootfs, kernel = {}, firmware = {} } = parsed.data;
  const all = [
    ...architectures.flatMap((architecture) => [
      { field: `rootfs.${architecture}`, pin: rootfs[architecture] },
      { field: `kernel.${architecture}`, pin: kernel[architecture] },
    ]),
    ...Object.entries(firmware).map(([name, pin]) => ({ field: `firmware.${name}`, pin })),
  ];
  const named = all.flatMap(({ field, pin }) => {
    const place = pin === undefined ? undefined : bucketArtifact(pin.url);
    if (pin === undefined || place === undefined) return [];
    return [{ ...place, field: `versions.json: ${field}`, url: pin.url, sha256: pin.sha256 }];
  });
  const problems = named
    .filter((pin) => pin.bucket !== bucket)
    .map(({ field, url }) => `${field}.url: found ${url}, expected an artifact of s3://${bucket}`);
  return { pins: named.map(({ field, url, key, sha256 }) => ({ field, url, key, sha256 })), problems };
}

function parse(document: Buffer | undefined): unknown {
  try {
    return JSON.parse(document?.toString("utf8") ?? "null");
  } catch {
    return undefined;
  }
}
