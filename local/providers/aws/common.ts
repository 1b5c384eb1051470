/** Undefined where the call fails with one of these service codes: what was asked for is not there. */
export async function unlessGone<T>(call: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const code = "Code" in error ? error.Code : undefined;
  return codes.includes(error.name) || (typeof code === "string" && codes.includes(code));
}

export type Tags = Record<string, string>;

interface KeyValue {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags as most services take them. */
export function tagList(tags: Tags | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as a program gives them: undefined where there are none. AWS's own (`aws:…`) are nobody's to manage. */
export function tagMap(tags: readonly KeyValue[] | Tags | undefined): Tags | undefined {
  const entries = Array.isArray(tags)
    ? tags.map(({ Key, Value }: KeyValue): [string, string] => [Key ?? "", Value ?? ""])
    : Object.entries(tags ?? {});
  const own = entries.filter(([key]) => !key.startsWith("aws:"));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

export interface TagChanges {
  readonly set: Tags;
  readonly removed: string[];
}

/** What makes the tags of `before` those of `after`. All of `after` is set: the vendor's may have drifted. */
export function tagChanges(before: Tags | undefined, after: Tags | undefined): TagChanges {
  const set = after ?? {};
  return { set, removed: Object.keys(before ?? {}).filter((key) => !(key in set)) };
}

/** Sets and removes tags by the two calls that a service has for it, each only where there is something to do. */
export async function retag(
  before: Tags | undefined,
  after: Tags | undefined,
  set: (tags: Tags) => Promise<unknown>,
  remove: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  const changes = tagChanges(before, after);
  if (changes.removed.length > 0) await remove(changes.removed);
  if (Object.keys(changes.set).length > 0) await set(changes.set);
}

/** The value, or an error that names what the service left out of its answer. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the service's answer has no ${what}`);
  return value;
}

/**
 * `exactOptionalPropertyTypes` tells an absent property from one that is undefined; the SDKs do not. Gives the
 * object without what is undefined.
 */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
