import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { CommitId, RepositoryFullName, Sha256 } from "./git.ts";
import { uniqueList } from "./list.ts";
import { ArtifactPath } from "./manifest.ts";
import { exactObject } from "./object.ts";
import { ReleaseTag } from "./release-tag.ts";
import { RepositoryKind } from "./repository-kind.ts";
import { WebUrl } from "./web-url.ts";

/** The version of `release.json`. It goes up when an older reader would misread a newer document. */
export const PUBLISHED_RELEASE_VERSION = 1;

/** The largest document that is read, in bytes. */
export const PUBLISHED_RELEASE_MAX_BYTES = 2 * 1024 * 1024;

/** The name of the document, beside the manifest of the tag's build. */
export const PUBLISHED_RELEASE_FILE = "release.json";

/** An asset as it can be downloaded. */
export const PublishedAsset = exactObject({
  name: z.string().min(1).max(255),
  url: WebUrl.meta({ description: "Where anyone who may see the repository downloads it." }),
  size: z.int().min(1).meta({ description: "Bytes." }),
  sha256: Sha256,
  path: ArtifactPath.optional().meta({
    description:
      "Where it lies in the artifact bucket, beside this document; missing for what publishing made.",
  }),
  extracted: exactObject({
    size: z.int().min(1).meta({ description: "Bytes." }),
    sha256: Sha256,
  })
    .optional()
    .meta({ description: "Of a compressed image: what it is when it is extracted." }),
});

export type PublishedAsset = z.infer<typeof PublishedAsset>;

/** That a release is public: written once it is, and the event of all that follows from a release. */
export const PublishedRelease = exactObject({
  version: z.literal(PUBLISHED_RELEASE_VERSION),
  repository: RepositoryFullName,
  kind: RepositoryKind,
  tag: ReleaseTag,
  commit: CommitId,
  architectures: uniqueList(Architecture, "a list of Debian architectures").min(1),
  preRelease: z.boolean(),
  url: WebUrl.meta({ description: "The release's page." }),
  publishedAt: z.iso.datetime(),
  assets: z.array(PublishedAsset).min(1).max(1000),
}).meta({ description: "release.json: that a release was published, and what it consists of." });

export type PublishedRelease = z.infer<typeof PublishedRelease>;

const KEY = new RegExp(
  `^releases/([A-Za-z0-9._-]{1,100})/([^/]+)/${PUBLISHED_RELEASE_FILE.replace(".", "\\.")}$`,
);

/** The repository, without its owner, and the tag of a document's key; undefined for any other key. */
export function parsePublishedReleaseKey(
  key: string,
): { readonly repository: string; readonly tag: string } | undefined {
  const [, repository, tag] = KEY.exec(key) ?? [];
  if (repository === undefined || !ReleaseTag.safeParse(tag).success) return undefined;
  return { repository, tag: String(tag) };
}

/** Where the document lies in the artifact bucket; `repository` without its owner. */
export function publishedReleaseKey(repository: string, tag: string): string {
  return `releases/${repository}/${tag}/${PUBLISHED_RELEASE_FILE}`;
}
