interface Version {
  readonly numbers: readonly string[];
  readonly preRelease: readonly string[];
}

function versionOf(tag: string): Version {
  const text = tag.slice("v".length);
  const dash = text.indexOf("-");
  const numbers = (dash < 0 ? text : text.slice(0, dash)).split(".");
  return { numbers, preRelease: dash < 0 ? [] : text.slice(dash + 1).split(".") };
}

const NUMERIC = /^\d+$/;

function compareNumbers(a: string, b: string): number {
  const [one, other] = [BigInt(a), BigInt(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function compareIdentifiers(a: string, b: string): number {
  const [numericA, numericB] = [NUMERIC.test(a), NUMERIC.test(b)];
  if (numericA && numericB) return compareNumbers(a, b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (a: string, b: string) => number,
): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const found = compare(one, other);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}

/** Whether a release tag is one of a pre-release, `v1.2.3-rc.1`. */
export function isPreRelease(tag: string): boolean {
  return versionOf(tag).preRelease.length > 0;
}

/** Negative where the first release tag comes before the second, by the precedence of semantic versions. */
export function compareReleaseTags(a: string, b: string): number {
  const [one, other] = [versionOf(a), versionOf(b)];
  const numbers = compareLists(one.numbers, other.numbers, compareNumbers);
  if (numbers !== 0) return numbers;
  // A version without a pre-release comes after all of its pre-releases.
  if (one.preRelease.length === 0 || other.preRelease.length === 0)
    return other.preRelease.length - one.preRelease.length;
  return compareLists(one.preRelease, other.preRelease, compareIdentifiers);
}

/** The highest of release tags; undefined of none. */
export function highestTag(tags: readonly string[]): string | undefined {
  return tags.reduce<string | undefined>(
    (best, tag) => (best === undefined || compareReleaseTags(tag, best) > 0 ? tag : best),
    undefined,
  );
}

/**
 * The release that a release is told as a change of: the highest before it. A final release is a change of the final
 * one before; a pre-release of whatever came before.
 */
export function previousTag(tag: string, published: readonly string[]): string | undefined {
  const before = published.filter((other) => compareReleaseTags(other, tag) < 0);
  return highestTag(isPreRelease(tag) ? before : before.filter((other) => !isPreRelease(other)));
}
