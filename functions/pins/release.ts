import { ARCHITECTURES, type Architecture } from "../../contracts/architecture.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import { splitFullName } from "../../contracts/git.ts";
import { kernelArtifact, kernelPackage } from "../../contracts/kernel.ts";
import type { PublishedRelease } from "../../contracts/published-release.ts";
import { compareReleaseTags, highestTag, isPreRelease } from "../../contracts/release-order.ts";
import { ReleaseTag } from "../../contracts/release-tag.ts";
import { Pin } from "../../contracts/versions.ts";
import type { Pins } from "./edit.ts";

/** What a release can be pinned as in `versions.json`. The name is part of branches and marks: it stays. */
export type Dependency = "kernel" | "rootfs";

/** A release that boards shall be told of. */
export interface PinnedRelease {
  readonly dependency: Dependency;
  readonly tag: string;
  /** The release's page, with its notes. */
  readonly url: string;
  readonly pins: Pins;
  /** Of a kernel: only boards that pin this package are for it. */
  readonly kernelPackage?: string;
}

/** What a release has for each architecture, as the builder names it. Throws where one cannot be pinned. */
function assetPins(
  { tag, assets }: PublishedRelease,
  nameOf: (architecture: Architecture, version: string) => string,
): Pins {
  const found = ARCHITECTURES.flatMap((architecture) => {
    const name = nameOf(architecture, tag.slice("v".length));
    const asset = assets.find((one) => one.name === name);
    return asset === undefined
      ? []
      : [[architecture, Pin.parse({ url: asset.url, sha256: asset.sha256 })] as const];
  });
  return Object.fromEntries(found);
}

/**
 * What boards shall pin of a release, or why they shall not. `published` are the tags of the repository's public
 * releases, this one among them. A pre-release is pinned by whoever wants to try it, by hand.
 */
export function planPins(
  release: PublishedRelease,
  published: readonly string[],
  catalogue: Catalogue,
  organization: string,
): PinnedRelease | { readonly ignored: string } {
  const { repository, kind, tag, url } = release;
  const { owner, repo } = splitFullName(repository);
  if (owner !== organization || catalogue[repo]?.kind !== kind)
    return { ignored: `${repository} is no ${kind} repository of this pipeline` };
  if (kind === "image") return { ignored: `nothing pins a release of kind ${kind}` };
  if (isPreRelease(tag)) return { ignored: "a pre-release" };
  const finals = published.filter((one) => ReleaseTag.safeParse(one).success && !isPreRelease(one));
  if (!finals.includes(tag)) return { ignored: "it is not public any more" };
  const highest = highestTag(finals);
  if (highest !== tag) return { ignored: `${highest} is higher` };
  if (kind === "rootfs") {
    const pins = assetPins(release, (architecture, version) => `rootfs-${architecture}-${version}.tar.zst`);
    if (Object.keys(pins).length === 0) return { ignored: "it has no root filesystem" };
    return { dependency: "rootfs", tag, url, pins };
  }
  const { kernelPackage: made = "" } = catalogue[repo] ?? {};
  const name = made.slice(kernelPackage("").length);
  const pins = assetPins(release, (architecture, version) => kernelArtifact(name, architecture, version));
  if (Object.keys(pins).length === 0) return { ignored: `it has no package ${made}` };
  return { dependency: "kernel", tag, url, pins, kernelPackage: made };
}

/** The image repositories that a release is for, each with what it shall pin. */
export function pinnedRepositories(
  { pins, kernelPackage: made }: Pick<PinnedRelease, "pins" | "kernelPackage">,
  catalogue: Catalogue,
): readonly { readonly repo: string; readonly pins: Pins }[] {
  return Object.entries(catalogue).flatMap(([repo, { kind, architectures, kernelPackage: wanted }]) => {
    if (kind !== "image" || (made !== undefined && wanted !== made)) return [];
    const own = architectures.flatMap((architecture: Architecture) => {
      const pin = pins[architecture];
      return pin === undefined ? [] : [[architecture, pin] as const];
    });
    return own.length === 0 ? [] : [{ repo, pins: Object.fromEntries(own) }];
  });
}

/** The tag of the same repository's release that an address of an asset names; undefined for any other address. */
export function pinnedTag(pinned: string, asset: string): string | undefined {
  const [base, rest] = [asset, pinned].map((url) => url.split("/releases/download/"));
  if (base?.length !== 2 || rest?.length !== 2 || base[0] !== rest[0]) return undefined;
  const tag = ReleaseTag.safeParse(rest[1]?.split("/")[0]);
  return tag.data;
}

/** Whether what is pinned is a later release than the one to pin: a pre-release that somebody tries, say. */
export function isAhead(pinned: Pin, { tag, pins }: Pick<PinnedRelease, "tag" | "pins">): boolean {
  return Object.values(pins).some(({ url }) => {
    const found = pinnedTag(pinned.url, url);
    return found !== undefined && compareReleaseTags(found, tag) > 0;
  });
}
