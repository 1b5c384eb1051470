import { createHash } from "node:crypto";
import type { Artifact, Manifest } from "../../contracts/manifest.ts";
import { isPreRelease } from "../../contracts/release-order.ts";
import { Refusal } from "./refusal.ts";

/** Every asset's SHA-256 as `sha256sum --check` reads it. */
export const CHECKSUM_FILE = "SHA256SUMS";

/** The signature of the checksum file, DER: what `openssl dgst -sha256 -verify` reads. */
export const SIGNATURE_FILE = `${CHECKSUM_FILE}.sig`;

/** What the artifacts were made of, signed: an in-toto statement in a DSSE envelope. */
export const PROVENANCE_FILE = "provenance.intoto.jsonl";

/** Under 2 GiB is what GitHub takes as an asset. */
const MAX_ASSET_BYTES = 2 ** 31 - 1;

/** How many assets GitHub takes for a release. */
const MAX_ASSETS = 1000;

/** Provenance, checksums and their signature. */
const OWN_ASSETS = 3;

/** What becomes an asset: a file of the artifact bucket, relative to the manifest, or content of our own. */
export interface PlannedAsset {
  readonly name: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  readonly source: { readonly path: string } | { readonly content: Buffer };
}

/** What a release must be in the end. */
export interface ReleasePlan {
  readonly tag: string;
  readonly commit: string;
  readonly preRelease: boolean;
  /** In the order in which they are uploaded. */
  readonly assets: readonly PlannedAsset[];
}

/** The name of an artifact's asset: GitHub has no folders, and turns `~` and periods at the ends into something else. */
export function assetName(path: string): string {
  return path
    .replaceAll("/", "-")
    .replaceAll("~", ".")
    .replace(/^\.+|\.+$/g, "");
}

/** An asset with content of our own. */
export function ownAsset(name: string, content: Buffer): PlannedAsset {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { name, size: content.length, sha256, source: { content } };
}

function problemsOf({ path, size }: Artifact, name: string, taken: ReadonlyMap<string, string>): string[] {
  const other = taken.get(name.toLowerCase());
  return [
    ...(name === "" ? [`${path}: found no letter or digit, expected a name that an asset can have`] : []),
    ...(other === undefined
      ? []
      : [`${path}: found ${other} with the asset name ${name} too, expected names of their own`]),
    ...(size === 0 ? [`${path}: found an empty file, expected at least 1 byte: GitHub takes no other`] : []),
    ...(size > MAX_ASSET_BYTES
      ? [`${path}: found ${size} bytes, expected at most ${MAX_ASSET_BYTES}: GitHub takes no more`]
      : []),
  ];
}

/** The plan with the checksums of all that is in it, and those by themselves. */
export function withChecksums(plan: ReleasePlan): ReleasePlan & { readonly checksums: Buffer } {
  const checksums = Buffer.from(plan.assets.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(""));
  return { ...plan, assets: [...plan.assets, ownAsset(CHECKSUM_FILE, checksums)], checksums };
}

/** The artifacts that the release of a tag's manifest consists of. Throws a `Refusal` that names everything GitHub would not take. */
export function planRelease(manifest: Manifest, tag: string): ReleasePlan {
  const { artifacts, commit } = manifest;
  const taken = new Map([
    [CHECKSUM_FILE.toLowerCase(), "the checksum file"],
    [SIGNATURE_FILE.toLowerCase(), "its signature"],
    [PROVENANCE_FILE, "the provenance"],
  ]);
  const problems: string[] = [];
  const files = artifacts.map((artifact): PlannedAsset => {
    const { path, size, sha256 } = artifact;
    const name = assetName(path);
    problems.push(...problemsOf(artifact, name, taken));
    taken.set(name.toLowerCase(), path);
    return { name, size, sha256, source: { path } };
  });
  if (files.length === 0) problems.push("artifacts: found none, expected something to release");
  if (files.length > MAX_ASSETS - OWN_ASSETS)
    problems.push(
      `artifacts: found ${files.length}, expected at most ${MAX_ASSETS - OWN_ASSETS}: GitHub takes no more`,
    );
  if (problems.length > 0) throw new Refusal(problems);
  return { tag, commit, preRelease: isPreRelease(tag), assets: files };
}
