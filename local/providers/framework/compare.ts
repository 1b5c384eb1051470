import type { PropertyRule } from "./resource.ts";
import { asAsset, hasUnknown, isObject, type PropertyMap } from "./values.ts";

/** An empty list or map says the same as none: the vendors' APIs do not tell them apart. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A text that is the same for values that are equal: object keys sorted, and lists too where order says nothing. */
function canonical(value: unknown, unordered: boolean): string {
  const asset = asAsset(value);
  if (asset?.hash !== undefined) return JSON.stringify([asset.kind, asset.hash]);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, unordered));
    return `[${(unordered ? items.sort() : items).join()}]`;
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
      .filter(([, inner]) => !isEmpty(inner))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner, unordered)}`);
    return `{${entries.join()}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** Whether two values of a property say the same. What is unknown is never the same as anything. */
export function same(rule: PropertyRule, left: unknown, right: unknown): boolean {
  if (hasUnknown(left) || hasUnknown(right)) return false;
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  const unordered = rule.unordered === true;
  if (rule.json) return canonical(parsed(left), unordered) === canonical(parsed(right), unordered);
  return canonical(left, unordered) === canonical(right, unordered);
}

export interface Change {
  /** The property at the top. */
  readonly property: string;
  /** Where in the inputs it is, `lifecycleRules[0].expiration.days`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

function kindOf(before: unknown, after: unknown): Change["kind"] {
  if (before === undefined) return "add";
  return after === undefined ? "delete" : "update";
}

function step(path: string, key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function* leaves(
  rule: PropertyRule,
  path: string,
  before: unknown,
  after: unknown,
): Generator<[string, Change["kind"]]> {
  if (same(rule, before, after)) return;
  const whole = rule.json || rule.unordered || asAsset(before) !== undefined || asAsset(after) !== undefined;
  if (!whole && isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* leaves(rule, step(path, key), before[key], after[key]);
    }
  } else if (!whole && Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      yield* leaves(rule, `${path}[${index}]`, before[index], after[index]);
    }
  } else {
    yield [path, kindOf(before, after)];
  }
}

/** What changes from the old inputs of a resource to the new ones, leaf by leaf. */
export function changes(
  rules: Readonly<Record<string, PropertyRule>>,
  before: PropertyMap,
  after: PropertyMap,
): readonly Change[] {
  const found: Change[] = [];
  for (const property of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const rule = rules[property] ?? {};
    for (const [path, kind] of leaves(rule, property, before[property], after[property])) {
      found.push({ property, path, kind, replace: rule.replace === true });
    }
  }
  return found;
}
