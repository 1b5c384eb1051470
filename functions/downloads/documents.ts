import type { Architecture } from "../../contracts/architecture.ts";
import {
  DOWNLOADS_INDEX_VERSION,
  type DownloadableRelease,
  type Downloadables,
  type DownloadsIndex,
  type ImagerList,
  type ImagerOs,
} from "../../contracts/downloads.ts";
import type { PublishedAsset, PublishedRelease } from "../../contracts/published-release.ts";
import { compareReleaseTags } from "../../contracts/release-order.ts";

/** The newest releases of a repository. */
export interface Newest {
  readonly latest: PublishedRelease | undefined;
  readonly preRelease: PublishedRelease | undefined;
}

type Image = Extract<Downloadables[string], { kind: "image" }>;

function assetUrl({ assets }: PublishedRelease, name: string): string {
  return assets.find((asset) => asset.name === name)?.url ?? "";
}

function downloadable(release: PublishedRelease): DownloadableRelease {
  const { tag, commit, url, publishedAt, architectures, assets } = release;
  return {
    tag,
    commit,
    url,
    publishedAt,
    architectures,
    checksumsUrl: assetUrl(release, "SHA256SUMS"),
    signatureUrl: assetUrl(release, "SHA256SUMS.sig"),
    assets: assets.map(({ path: _, ...asset }) => asset),
  };
}

function releasesOf(repository: string, { latest, preRelease }: Newest) {
  return {
    repository,
    ...(latest === undefined ? {} : { latest: downloadable(latest) }),
    ...(preRelease === undefined ? {} : { preRelease: downloadable(preRelease) }),
  };
}

const NONE: Newest = { latest: undefined, preRelease: undefined };

/** The index for scripts, in the order of the downloadables. */
export function downloadsIndex(
  organization: string,
  downloadables: Downloadables,
  newest: ReadonlyMap<string, Newest>,
): DownloadsIndex {
  const boards: DownloadsIndex["boards"] = {};
  const rootfs: DownloadsIndex["rootfs"] = [];
  const kernels: DownloadsIndex["kernels"] = [];
  for (const [repository, entry] of Object.entries(downloadables)) {
    const releases = releasesOf(`${organization}/${repository}`, newest.get(repository) ?? NONE);
    if (entry.kind === "rootfs") rootfs.push(releases);
    else if (entry.kind === "kernel") kernels.push(releases);
    else boards[entry.board] = { title: entry.title, architecture: entry.architecture, ...releases };
  }
  return { version: DOWNLOADS_INDEX_VERSION, boards, rootfs, kernels };
}

/** What the Imager calls the architectures that it knows. */
const IMAGER_ARCHITECTURES: Partial<Record<Architecture, NonNullable<ImagerOs["architecture"]>>> = {
  armel: "armel",
  armhf: "armhf",
  arm64: "armv8",
};

function imagerOs(
  webUrl: string,
  entry: Image,
  release: PublishedRelease,
  { url, size, sha256, extracted }: PublishedAsset & { extracted: NonNullable<PublishedAsset["extracted"]> },
): ImagerOs {
  const [owner = ""] = release.repository.split("/");
  const architecture = IMAGER_ARCHITECTURES[entry.architecture];
  const version = release.tag.slice("v".length);
  return {
    name: `HypriotOS ${version} for ${entry.title}`,
    description: release.preRelease ? "Pre-release: Debian with Docker" : "Debian with Docker, ready to go",
    // GitHub shows every owner's picture there.
    icon: `${webUrl}/${owner}.png`,
    url,
    website: release.url,
    release_date: release.publishedAt.slice(0, "2026-11-24".length),
    extract_size: extracted.size,
    extract_sha256: extracted.sha256,
    image_download_size: size,
    image_download_sha256: sha256,
    init_format: "cloudinit",
    devices: [entry.board, ...entry.imagerTags],
    ...(architecture === undefined ? {} : { architecture }),
  };
}

/** Of a board: the latest, and a pre-release that comes after it. */
function imagerReleases({ latest, preRelease }: Newest): PublishedRelease[] {
  const after =
    latest === undefined || (preRelease && compareReleaseTags(preRelease.tag, latest.tag) > 0)
      ? preRelease
      : undefined;
  return [latest, after].filter((release) => release !== undefined);
}

/**
 * The list that Raspberry Pi Imager reads. It writes the card of any board: each board is a device that can be chosen.
 * An image whose extracted size and checksum nobody knows is not in it: the Imager must have them.
 */
export function imagerList(
  webUrl: string,
  downloadables: Downloadables,
  newest: ReadonlyMap<string, Newest>,
): ImagerList {
  const boards = Object.entries(downloadables).flatMap(([repository, entry]) =>
    entry.kind === "image" ? [{ repository, entry }] : [],
  );
  return {
    imager: {
      devices: boards.map(({ entry }) => ({
        name: entry.title,
        description: `HypriotOS for ${entry.title}`,
        tags: [entry.board],
        matching_type: "exclusive",
      })),
    },
    os_list: boards.flatMap(({ repository, entry }) =>
      imagerReleases(newest.get(repository) ?? NONE).flatMap((release) =>
        release.assets.flatMap((asset) =>
          asset.extracted === undefined
            ? []
            : [imagerOs(webUrl, entry, release, { ...asset, extracted: asset.extracted })],
        ),
      ),
    ),
  };
}
