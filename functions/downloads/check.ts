import type { DownloadsSettings } from "../../contracts/downloads.ts";
import { splitFullName } from "../../contracts/git.ts";
import type { PublishedRelease } from "../../contracts/published-release.ts";
import { isPreRelease } from "../../contracts/release-order.ts";

/** The assets without which nobody could verify a download. */
const REQUIRED = ["SHA256SUMS", "SHA256SUMS.sig"];

/** What is wrong with a release that parses: each line says what was found and expected. */
export function releaseProblems(
  release: PublishedRelease,
  { organization, webUrl }: Pick<DownloadsSettings, "organization" | "webUrl">,
): string[] {
  const { owner } = splitFullName(release.repository);
  const page = `${webUrl}/${release.repository}/releases/`;
  const names = new Set(release.assets.map(({ name }) => name));
  const elsewhere = release.assets.filter(({ url }) => !url.startsWith(`${page}download/${release.tag}/`));
  return [
    ...(owner === organization ? [] : [`repository: found one of ${owner}, expected one of ${organization}`]),
    ...(release.preRelease === isPreRelease(release.tag)
      ? []
      : [`preRelease: found ${release.preRelease}, expected what ${release.tag} says`]),
    ...(release.url.startsWith(page) ? [] : [`url: found ${release.url}, expected a page below ${page}`]),
    ...elsewhere.map(({ name, url }) => `assets: found ${name} at ${url}, expected it below ${page}`),
    ...REQUIRED.filter((name) => !names.has(name)).map((name) => `assets: found no ${name}`),
  ];
}
