import type { Step } from "./events.ts";
import { assetHash, decoded, isObject, isSecret, isUnknown, type Properties } from "./values.ts";

/** One property's change. A side that is not there is undefined. */
export interface PropertyChange {
  /** `environment.variables.DISPATCH_SETTINGS.tagPattern`, `uploads[/etc/runner.json].content`. */
  readonly path: string;
  readonly old?: unknown;
  readonly new?: unknown;
}

/** What tells two elements of a list apart, in the order in which it is looked for. */
const IDENTITIES = ["Sid", "id", "file", "context", "label", "target", "name", "actorId"] as const;

function identity(items: readonly unknown[]): ((item: unknown) => string) | undefined {
  for (const key of IDENTITIES) {
    const names = items.map((item) => (isObject(item) ? item[key] : undefined));
    const known = names.every((name) => typeof name === "string" || typeof name === "number");
    if (known && new Set(names).size === names.length)
      return (item) => String(isObject(item) ? item[key] : "");
  }
  return undefined;
}

/** How two values differ, by path. Equal values have no difference; JSON in text is compared as what it says. */
export function diffValues(path: string, before: unknown, after: unknown): readonly PropertyChange[] {
  if (before === after || (isSecret(before) && isSecret(after))) return [];
  if (isUnknown(before) && isUnknown(after)) return [];
  const change: PropertyChange = {
    path,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  };
  const hashes = [assetHash(before), assetHash(after)];
  if (hashes.some((hash) => hash !== undefined)) return hashes[0] === hashes[1] ? [] : [change];
  if (isSecret(before) || isSecret(after)) return [change];
  const [old, young] = [decoded(before), decoded(after)];
  if (isObject(old) && isObject(young)) return diffObjects(path, old, young);
  if (Array.isArray(old) && Array.isArray(young)) return diffLists(path, old, young, change);
  return JSON.stringify(old) === JSON.stringify(young) ? [] : [change];
}

function diffObjects(path: string, before: Properties, after: Properties): readonly PropertyChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => diffValues(path === "" ? key : `${path}.${key}`, before[key], after[key]));
}

function diffLists(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  whole: PropertyChange,
): readonly PropertyChange[] {
  const name = before.some(isObject) || after.some(isObject) ? identity(before) : undefined;
  // Both sides must have names, and the same kind of names.
  const other = name === undefined ? undefined : identity(after);
  if (name === undefined || other === undefined) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [whole];
  }
  const old = new Map(before.map((item) => [name(item), item]));
  const young = new Map(after.map((item) => [other(item), item]));
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((key) =>
    diffValues(`${path}[${key}]`, old.get(key), young.get(key)),
  );
}

/** `configuration.secret`, from the engine's `configuration["secret"]` or `uploads[0].content`. */
function plainPath(path: string): string {
  return path.replaceAll(/\["([^"]*)"\]/g, ".$1").replace(/^\./, "");
}

function valueAt(state: unknown, path: string): unknown {
  return path
    .replaceAll(/\[(\d+)\]/g, ".$1")
    .split(".")
    .reduce<unknown>((inner, key) => {
      const value = decoded(inner);
      if (Array.isArray(value)) return value[Number(key)];
      return isObject(value) ? value[key] : undefined;
    }, state);
}

/** A change that the engine names: its path, and which side of it is the program's. */
interface Told {
  readonly path: string;
  readonly inputDiff: boolean;
}

/** What the engine's own diff names beside what is known already. */
function toldBeside(step: Step, own: readonly PropertyChange[]): readonly Told[] {
  return Object.entries(step.detailedDiff ?? {}).flatMap(([engines, { inputDiff }]) => {
    const path = plainPath(engines);
    // An element is told by its place in the list there, and by its name here.
    const list = path.split("[")[0] ?? path;
    const known = own.some(
      (change) =>
        change.path === path ||
        (list !== path && change.path.startsWith(`${list}[`)) ||
        change.path.startsWith(`${path}.`) ||
        change.path.startsWith(`${path}[`) ||
        path.startsWith(`${change.path}.`) ||
        path.startsWith(`${change.path}[`),
    );
    return known ? [] : [{ path, inputDiff }];
  });
}

function changeAt(path: string, before: unknown, after: unknown): PropertyChange {
  const [old, young] = [valueAt(before, path), valueAt(after, path)];
  return { path, ...(old === undefined ? {} : { old }), ...(young === undefined ? {} : { new: young }) };
}

/**
 * What a step changes. What the program asks for on both sides is compared here, because the engine's own diff names
 * properties and has no values. What only the engine knows is added from its diff: that a secret is another one, and
 * what was changed outside of the program.
 */
export function changedProperties(step: Step): readonly PropertyChange[] {
  const before = step.old?.inputs ?? {};
  const after = step.new?.inputs ?? {};
  const own = diffValues("", before, after);
  const told = toldBeside(step, own).map(({ path, inputDiff }) =>
    changeAt(path, inputDiff ? before : (step.old?.outputs ?? before), after),
  );
  return [...own, ...told];
}

/**
 * What was changed outside: from what the program had asked for to what is there. Only what the engine would put back:
 * a provider reads more than a program asks for, and in another form.
 */
export function driftedProperties(step: Step): readonly PropertyChange[] {
  const asked = step.old?.inputs ?? {};
  const there = step.new?.inputs ?? {};
  const named = new Set(
    Object.keys(step.detailedDiff ?? {}).map((engines) => plainPath(engines).split(/[.[]/, 1)[0] ?? ""),
  );
  const own = diffValues("", asked, there).filter(
    ({ path }) => named.size === 0 || named.has(path.split(/[.[]/, 1)[0] ?? ""),
  );
  const told = toldBeside(step, own).map(({ path, inputDiff }) =>
    changeAt(path, asked, inputDiff ? there : (step.new?.outputs ?? there)),
  );
  return [...own, ...told];
}
