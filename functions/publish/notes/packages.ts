/** How packages differ between two lists of them. */
export interface PackageChanges {
  readonly added: readonly { readonly name: string; readonly version: string }[];
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** Reads a `.packages` file of the builder: a package's name, version and more in a line, by tabs. */
export function readPackages(text: string): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name = "", version = ""] = line.split("\t");
    if (/^[a-z0-9][a-z0-9+.:-]*$/.test(name) && /^[\w.+:~-]+$/.test(version)) packages.set(name, version);
  }
  return packages;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

export function packageChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageChanges {
  const only = (these: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
    [...these]
      .filter(([name]) => !others.has(name))
      .map(([name, version]) => ({ name, version }))
      .sort(byName);
  const changed = [...after].flatMap(([name, to]) => {
    const from = before.get(name);
    return from === undefined || from === to ? [] : [{ name, from, to }];
  });
  return { added: only(after, before), removed: only(before, after), changed: changed.sort(byName) };
}
