import { createHash } from "node:crypto";
import { Sha256 } from "../../contracts/git.ts";
import type { Artifact, Manifest } from "../../contracts/manifest.ts";

/** What a compressed image is when it is extracted. */
export interface Extracted {
  readonly size: number;
  readonly sha256: string;
}

const COMPRESSED = /\.img\.zst$/;
const MAX_BYTES = 8 * 1024 * 1024;

/** The SHA-256 in a file of `sha256sum`'s; undefined where it is another's. */
function checksumIn(text: string): string | undefined {
  const [first = ""] = text.split(/\s/);
  return Sha256.safeParse(first).success ? first : undefined;
}

/** The image's size in bytes in a file of `bmaptool`'s. */
function imageSizeIn(bmap: string): number | undefined {
  const [, digits] = /<ImageSize>\s*([1-9][0-9]{0,14})\s*<\/ImageSize>/.exec(bmap) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * By path of each compressed image of a build, what the builder wrote beside it: its checksum in `.img.sha256` and its
 * size in `.bmap`. An image without them, or with others than the manifest says, is not in it.
 * `read` gives the text of an artifact.
 */
export async function extractedImages(
  { artifacts }: Manifest,
  read: (path: string, maxBytes: number) => Promise<string>,
): Promise<ReadonlyMap<string, Extracted>> {
  const byPath = new Map(artifacts.map((artifact) => [artifact.path, artifact]));
  const verified = async (artifact: Artifact | undefined): Promise<string> => {
    if (artifact === undefined || artifact.size > MAX_BYTES) return "";
    const text = await read(artifact.path, MAX_BYTES);
    return createHash("sha256").update(text).digest("hex") === artifact.sha256 ? text : "";
  };
  const found = new Map<string, Extracted>();
  for (const path of byPath.keys()) {
    if (!COMPRESSED.test(path)) continue;
    const sha256 = checksumIn(await verified(byPath.get(path.replace(COMPRESSED, ".img.sha256"))));
    const size = imageSizeIn(await verified(byPath.get(path.replace(COMPRESSED, ".bmap"))));
    if (sha256 !== undefined && size !== undefined) found.set(path, { size, sha256 });
  }
  return found;
}
