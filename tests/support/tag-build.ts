import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { MANIFEST_FILE, MANIFEST_VERSION, type Manifest, manifestKey } from "../../contracts/manifest.ts";

export const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

export interface TagBuild {
  /** owner/name */
  readonly repository: string;
  readonly tag: string;
  readonly commit: string;
  /** Content by path. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** What its manifest says otherwise. */
  readonly changes?: Partial<Manifest>;
}

/** Leaves in the artifact bucket what a tag's build leaves, the manifest last. Resolves with the manifest's key. */
export async function leaveTagBuild(
  s3: S3Client,
  Bucket: string,
  { repository, tag, commit, files, changes }: TagBuild,
): Promise<string> {
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    repository,
    kind: "image",
    commit,
    trigger: { type: "tag", tag },
    trusted: true,
    architectures: ["arm64"],
    attempt: 1,
    result: "success",
    builder: "sha256:0",
    startedAt: "2026-11-24T10:00:00Z",
    finishedAt: "2026-11-24T10:01:00Z",
    phases: [],
    artifacts: Object.entries(files).map(([path, content]) => ({
      path,
      size: Buffer.byteLength(content),
      sha256: sha256(content),
    })),
    ...changes,
  };
  const key = manifestKey(manifest);
  const folder = key.slice(0, -MANIFEST_FILE.length);
  for (const [path, Body] of Object.entries(files)) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `${folder}${path}`, Body }));
  }
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: JSON.stringify(manifest) }));
  return key;
}
