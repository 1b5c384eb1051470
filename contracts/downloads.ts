import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { CommitId, RepositoryFullName, Sha256 } from "./git.ts";
import { Slug, Title } from "./names.ts";
import { exactObject } from "./object.ts";
import { ReleaseTag } from "./release-tag.ts";
import { WebUrl } from "./web-url.ts";

/** The version of `index.json`. It goes up when an older reader would misread a newer document. */
export const DOWNLOADS_INDEX_VERSION = 1;

/** Where the documents lie in the artifact bucket. */
export const DOWNLOADS_PREFIX = "downloads";
export const DOWNLOADS_INDEX_KEY = `${DOWNLOADS_PREFIX}/index.json`;
export const OS_LIST_KEY = `${DOWNLOADS_PREFIX}/os_list.json`;

const Extracted = exactObject({ size: z.int().min(1), sha256: Sha256 });

const DownloadableAsset = exactObject({
  name: z.string().min(1),
  url: WebUrl,
  size: z.int().min(1).meta({ description: "Bytes." }),
  sha256: Sha256,
  extracted: Extracted.optional().meta({ description: "Of an image: what it is when it is extracted." }),
});

const DownloadableRelease = exactObject({
  tag: ReleaseTag,
  commit: CommitId,
  url: WebUrl.meta({ description: "The release's page." }),
  publishedAt: z.iso.datetime(),
  architectures: z.array(Architecture).min(1),
  checksumsUrl: WebUrl.meta({ description: "`SHA256SUMS`, of all assets." }),
  signatureUrl: WebUrl.meta({ description: "`SHA256SUMS.sig`, its signature: docs/releasing.md." }),
  assets: z.array(DownloadableAsset).min(1),
});

export type DownloadableRelease = z.infer<typeof DownloadableRelease>;

const releases = {
  repository: RepositoryFullName,
  latest: DownloadableRelease.optional().meta({
    description: "The highest final version; missing before the first.",
  }),
  preRelease: DownloadableRelease.optional().meta({
    description: "The highest pre-release, which may be lower than the latest; missing before the first.",
  }),
} as const;

/** `index.json`: what can be downloaded, for scripts. */
export const DownloadsIndex = exactObject({
  version: z.literal(DOWNLOADS_INDEX_VERSION),
  boards: z
    .record(Slug, exactObject({ title: Title, architecture: Architecture, ...releases }))
    .meta({ description: "By board." }),
  rootfs: z
    .array(exactObject(releases))
    .meta({ description: "Root filesystems, one entry for each repository." }),
  kernels: z.array(exactObject(releases)).meta({ description: "Kernels, one entry for each repository." }),
}).meta({ description: "downloads/index.json: the newest releases of everything." });

export type DownloadsIndex = z.infer<typeof DownloadsIndex>;

/**
 * An operating system as Raspberry Pi Imager lists it (its doc/json-schema/os-list-schema.json); the names are the
 * Imager's.
 */
const ImagerOs = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  icon: WebUrl,
  url: WebUrl,
  website: WebUrl,
  release_date: z.iso.date(),
  extract_size: z.int().min(1),
  extract_sha256: Sha256,
  image_download_size: z.int().min(1),
  image_download_sha256: Sha256,
  init_format: z.literal("cloudinit"),
  devices: z.array(z.string().min(1)).min(1),
  architecture: z.enum(["armel", "armhf", "armv8"]).optional(),
});

export type ImagerOs = z.infer<typeof ImagerOs>;

/** `os_list.json`: what `rpi-imager --repo` reads. */
export const ImagerList = z.strictObject({
  imager: z.strictObject({
    devices: z.array(
      z.strictObject({
        name: z.string().min(1),
        description: z.string().min(1),
        tags: z.array(z.string().min(1)).min(1),
        matching_type: z.literal("exclusive"),
      }),
    ),
  }),
  os_list: z.array(ImagerOs),
});

export type ImagerList = z.infer<typeof ImagerList>;

/** The file beside the code of `functions/downloads` that says which repositories make what. */
export const DOWNLOADABLES_FILE = "downloadables.json";

/** What can be downloaded, by repository without owner. Releases of a repository that is not in it are not listed. */
export const Downloadables = z.record(
  z.string(),
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("rootfs") }),
    z.strictObject({ kind: z.literal("kernel") }),
    z.strictObject({
      kind: z.literal("image"),
      board: Slug,
      title: Title,
      architecture: Architecture,
      /** What Raspberry Pi Imager calls the board's models; none for other boards. */
      imagerTags: z.array(z.string().min(1)),
    }),
  ]),
);

export type Downloadables = z.infer<typeof Downloadables>;

/** The environment variable that holds the settings of downloads, as JSON. */
export const DOWNLOADS_SETTINGS_VARIABLE = "DOWNLOADS_SETTINGS";

/** What downloads is told: the program writes it, the function reads it. */
export const DownloadsSettings = z.strictObject({
  /** The owner of every repository. */
  organization: z.string().min(1),
  /** The artifact bucket. */
  bucket: z.string().min(1),
  /** The address of GitHub's pages: assets lie below it. */
  webUrl: z.url(),
});

export type DownloadsSettings = z.infer<typeof DownloadsSettings>;
