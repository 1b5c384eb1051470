/**
 * The first dotted number in a text, such as the answer to `--version`.
 *
 * @param {string} text
 * @returns {readonly number[] | undefined}
 */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : match.slice(1).map((part) => Number(part ?? 0));
}

/**
 * Whether a version is at least another one. An unreadable version is not.
 *
 * @param {string} found
 * @param {string} wanted
 */
export function atLeast(found, wanted) {
  const [a, b] = [parseVersion(found), parseVersion(wanted)];
  if (a === undefined || b === undefined) return false;
  for (const [index, part] of b.entries()) {
    const other = a[index] ?? 0;
    if (other !== part) return other > part;
  }
  return true;
}
