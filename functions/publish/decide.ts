import type { Asset, Release } from "../../clients/github-releases.ts";
import { compareReleaseTags, highestTag, isPreRelease } from "../../contracts/release-order.ts";
import type { UploadedAsset } from "../../contracts/release-record.ts";
import { ReleaseTag } from "../../contracts/release-tag.ts";
import type { PlannedAsset, ReleasePlan } from "./plan.ts";

/** What is known of a release on GitHub. */
export interface Observed {
  /** Nothing was done since it was read. */
  readonly fresh: boolean;
  /** What the tag names; undefined where there is no such tag. */
  readonly tagCommit: string | undefined;
  /** All releases of the repository. */
  readonly releases: readonly Release[];
  /** The tag of the release that GitHub shows as the latest. */
  readonly latestTag: string | undefined;
  /** Of the release that is published or of our draft. */
  readonly assets: readonly Asset[];
}

/** What the releases table knows of it. */
export interface Remembered {
  readonly githubRelease: number | undefined;
  /** By name. */
  readonly uploaded: Readonly<Record<string, UploadedAsset>>;
}

export type Step =
  | { readonly do: "look" }
  | { readonly do: "create-draft" }
  | { readonly do: "delete-asset"; readonly asset: Asset }
  | { readonly do: "upload"; readonly draft: Release; readonly file: PlannedAsset }
  | { readonly do: "publish"; readonly draft: Release; readonly latest: boolean }
  | { readonly do: "make-latest"; readonly release: Release }
  | { readonly do: "delete-draft"; readonly draft: Release }
  | { readonly do: "refuse"; readonly problems: readonly string[] }
  | { readonly do: "end"; readonly release: Release };

/** Marks a draft as the pipeline's own: it may be there and not be remembered. */
export function draftMark(tag: string): string {
  return `<!-- hypriotos: draft of ${tag} -->`;
}

/** The published release of the tag, else our draft. A draft that somebody made by hand is left alone. */
export function releaseOf(
  tag: string,
  releases: readonly Release[],
  remembered: Pick<Remembered, "githubRelease">,
): Release | undefined {
  const own = releases.filter((release) => release.tag === tag);
  return (
    own.find(({ draft }) => !draft) ??
    own.find(({ id }) => id === remembered.githubRelease) ??
    own.filter(({ body }) => body.includes(draftMark(tag))).sort((a, b) => a.id - b.id)[0]
  );
}

/** Final releases that everybody sees, this one aside. */
function otherFinals(tag: string, releases: readonly Release[]): string[] {
  return releases
    .filter((release) => !release.draft && !release.preRelease && release.tag !== tag)
    .map((release) => release.tag)
    .filter((other) => ReleaseTag.safeParse(other).success && !isPreRelease(other));
}

function isLatest({ tag, preRelease }: ReleasePlan, releases: readonly Release[]): boolean {
  return !preRelease && otherFinals(tag, releases).every((other) => compareReleaseTags(tag, other) > 0);
}

/** Whether GitHub has what is planned. Where it tells no digest, what was sent counts. */
function isWhole(asset: Asset, file: PlannedAsset, { uploaded }: Remembered): boolean {
  const known = Object.hasOwn(uploaded, file.name) ? uploaded[file.name] : undefined;
  const sha256 = asset.sha256 ?? (known?.id === asset.id ? known.sha256 : undefined);
  return asset.state === "uploaded" && asset.size === file.size && sha256 === file.sha256;
}

interface Compared {
  readonly missing: readonly PlannedAsset[];
  readonly wrong: readonly Asset[];
}

function compare(plan: ReleasePlan, assets: readonly Asset[], remembered: Remembered): Compared {
  const files = new Map(plan.assets.map((file) => [file.name, file]));
  const whole = new Set<string>();
  const wrong = assets.filter((asset) => {
    const file = files.get(asset.name);
    if (file === undefined || !isWhole(asset, file, remembered)) return true;
    whole.add(file.name);
    return false;
  });
  return { missing: plan.assets.filter(({ name }) => !whole.has(name)), wrong };
}

function tagProblem({ tag, commit }: ReleasePlan, tagCommit: string | undefined): string | undefined {
  if (tagCommit === undefined) return `${tag}: found no such tag, expected it at ${commit}`;
  if (tagCommit !== commit) return `${tag}: found the tag at ${tagCommit}, expected it at ${commit}`;
  return undefined;
}

/** What is wrong with a release that everybody sees; it is never rewritten. */
function afterPublication(
  plan: ReleasePlan,
  release: Release,
  { missing, wrong }: Compared,
  { releases, latestTag, fresh }: Observed,
): Step {
  const problems = [
    ...wrong.map(({ name }) => `${plan.tag}: found an asset ${name} that is not the build's`),
    ...missing
      .filter(({ name }) => !wrong.some((asset) => asset.name === name))
      .map(({ name }) => `${plan.tag}: found no asset ${name}`),
  ];
  if (problems.length > 0)
    return {
      do: "refuse",
      problems: [...problems, "The release was published before and is never rewritten."],
    };
  if (!fresh) return { do: "look" };
  const finals = otherFinals(plan.tag, releases);
  const highest = highestTag(plan.preRelease ? finals : [...finals, plan.tag]);
  // Two that are published at once may each have taken itself for the latest.
  const concerned = highest === plan.tag || latestTag === plan.tag;
  if (concerned && latestTag !== highest) {
    const latest = releases.find(({ tag, draft }) => tag === highest && !draft);
    if (latest !== undefined) return { do: "make-latest", release: latest };
  }
  return { do: "end", release };
}

/** The next step on the way to a published release, from nothing but what is known. */
export function decide(plan: ReleasePlan, observed: Observed, remembered: Remembered): Step {
  const { releases, assets, tagCommit, fresh } = observed;
  const release = releaseOf(plan.tag, releases, remembered);
  const compared = compare(plan, assets, remembered);
  if (release !== undefined && !release.draft) return afterPublication(plan, release, compared, observed);
  const problem = tagProblem(plan, tagCommit);
  if (problem !== undefined) {
    if (release !== undefined) return { do: "delete-draft", draft: release };
    return { do: "refuse", problems: [problem] };
  }
  if (release === undefined) return { do: "create-draft" };
  const [wrong] = compared.wrong;
  if (wrong !== undefined) return { do: "delete-asset", asset: wrong };
  const [file] = compared.missing;
  if (file !== undefined) return { do: "upload", draft: release, file };
  if (!fresh) return { do: "look" };
  return { do: "publish", draft: release, latest: isLatest(plan, releases) };
}
