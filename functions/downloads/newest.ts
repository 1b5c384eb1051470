import { parsePublishedReleaseKey } from "../../contracts/published-release.ts";
import { compareReleaseTags, isPreRelease } from "../../contracts/release-order.ts";

/** Keys of `release.json` documents of one repository, each list with the highest version first. */
export interface Candidates {
  readonly finals: readonly string[];
  readonly preReleases: readonly string[];
}

/** By repository, which documents could be its newest releases: the version decides, not the time. */
export function candidates(keys: readonly string[]): ReadonlyMap<string, Candidates> {
  const places = keys.flatMap((key) => {
    const place = parsePublishedReleaseKey(key);
    return place === undefined ? [] : [{ ...place, key }];
  });
  const newestFirst = places.sort((a, b) => compareReleaseTags(b.tag, a.tag));
  const of = (repository: string, wanted: boolean) =>
    newestFirst
      .filter((place) => place.repository === repository && isPreRelease(place.tag) === wanted)
      .map(({ key }) => key);
  return new Map(
    [...new Set(newestFirst.map(({ repository }) => repository))].map((repository) => [
      repository,
      { finals: of(repository, false), preReleases: of(repository, true) },
    ]),
  );
}
