/**
 * GitHub answers with every field, filled with defaults, and with lists in its own order. A refresh must
 * show only real changes, so what was found is put into the form in which the program wrote it.
 */

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Nothing, or what GitHub treats as nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  return false;
}

/** A text that is equal for equal values, whatever the order of keys and elements. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).sort().join(",")}]`;
  }
  if (isRecord(value)) {
    const entries = Object.entries(value)
      .filter(([, member]) => !isEmpty(member))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
    return `{${entries.sort().join(",")}}`;
  }
  return JSON.stringify(value) ?? "";
}

/**
 * `found` as the program would have written it, given what it wrote last (`prior`; undefined where it wrote
 * nothing, or at import). Lists are compared as sets. `defaults` is what GitHub fills in, by the same keys:
 * a default that the program did not write is left out. Undefined where nothing remains to be said.
 */
export function asWritten(found: unknown, prior: unknown, defaults?: unknown): unknown {
  // Where GitHub's default says something, an empty value says something else.
  const emptyIsNews = found !== undefined && found !== null && !isEmpty(defaults);
  if (isEmpty(found) && !emptyIsNews) {
    return isEmpty(prior) ? prior : found === null ? undefined : found;
  }
  if (isRecord(found)) {
    const before = isRecord(prior) ? prior : {};
    const usual = isRecord(defaults) ? defaults : {};
    const keys = [...new Set([...Object.keys(before), ...Object.keys(found)])];
    const entries = keys.map((key) => [key, asWritten(found[key], before[key], usual[key])] as const);
    return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
  }
  if (prior === undefined && defaults !== undefined && canonical(found) === canonical(defaults)) {
    return undefined;
  }
  return prior !== undefined && canonical(found) === canonical(prior) ? prior : found;
}
