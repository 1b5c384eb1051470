import type { Downloadables, DownloadsSettings } from "../../../contracts/downloads.ts";
import { PUBLISHED_RELEASE_VERSION, type PublishedRelease } from "../../../contracts/published-release.ts";
import { isPreRelease } from "../../../contracts/release-order.ts";

export const SETTINGS: DownloadsSettings = {
  organization: "hypriot",
  bucket: "artifacts",
  webUrl: "https://github.example",
};

export const DOWNLOADABLES: Downloadables = {
  "os-rootfs": { kind: "rootfs" },
  "image-builder-rpi": {
    kind: "image",
    board: "raspberry-pi",
    title: "Raspberry Pi 3 and 4",
    architecture: "arm64",
    imagerTags: ["pi3-64bit", "pi4-64bit"],
  },
  "image-builder-banana-pi": {
    kind: "image",
    board: "banana-pi",
    title: "Banana Pi M1",
    architecture: "armhf",
    imagerTags: [],
  },
};

/** What publishing a release of a repository writes. */
export function published(
  repository: string,
  tag: string,
  changes: Partial<PublishedRelease> = {},
): PublishedRelease {
  const page = `https://github.example/hypriot/${repository}/releases`;
  const asset = (name: string, size: number) => ({
    name,
    url: `${page}/download/${tag}/${name}`,
    size,
    sha256: "a".repeat(64),
  });
  const kind = repository === "os-rootfs" ? "rootfs" : "image";
  const file = kind === "image" ? "hypriotos.img.zst" : "rootfs-arm64.tar.zst";
  const extracted = { size: 1000, sha256: "e".repeat(64) };
  return {
    version: PUBLISHED_RELEASE_VERSION,
    repository: `hypriot/${repository}`,
    kind,
    tag,
    commit: "c".repeat(40),
    architectures: ["arm64"],
    preRelease: isPreRelease(tag),
    url: `${page}/tag/${tag}`,
    publishedAt: "2026-11-24T23:30:00Z",
    assets: [
      { ...asset(file, 500), path: file, ...(kind === "image" ? { extracted } : {}) },
      asset("SHA256SUMS", 80),
      asset("SHA256SUMS.sig", 71),
    ],
    ...changes,
  };
}
