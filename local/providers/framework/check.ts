import { suggestion } from "./nearest.ts";
import type { CheckFailure, Fields, PropertyRule } from "./resource.ts";
import { asAsset, hasUnknown, isObject, isUnknown, type PropertyMap, withoutAbsent } from "./values.ts";

export interface Checked {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

function unknownName(word: string, allowed: readonly string[], what: string): string {
  return `unknown ${what} "${word}"${suggestion(word, allowed)}; the local provider knows ${allowed.join(", ")}`;
}

function* fieldFailures(fields: Fields, value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* fieldFailures(fields, item, `${path}[${index}]`);
  } else if (isObject(value) && asAsset(value) === undefined) {
    for (const [key, inner] of Object.entries(value)) {
      const deeper = fields[key];
      if (deeper === undefined) yield `${path}: ${unknownName(key, Object.keys(fields), "property")}`;
      else if (deeper !== true) yield* fieldFailures(deeper, inner, `${path}.${key}`);
    }
  } else if (!isUnknown(value)) {
    yield `${path}: found ${JSON.stringify(value)}, expected an object with ${Object.keys(fields).join(", ")}`;
  }
}

/** A policy may be given as an object too: the SDK's types allow it. */
function isJson(value: unknown): boolean {
  if (typeof value !== "string") return true;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function ruleFailure(name: string, rule: PropertyRule, inputs: PropertyMap): readonly CheckFailure[] {
  const value = inputs[name];
  if (value === undefined) {
    return rule.required ? [{ property: name, reason: `missing required property "${name}"` }] : [];
  }
  if (rule.json && !isUnknown(value) && !isJson(value)) {
    return [{ property: name, reason: "found text that is no JSON, expected JSON" }];
  }
  if (rule.fields === undefined) return [];
  return [...fieldFailures(rule.fields, value, name)].map((reason) => ({ property: name, reason }));
}

/** Fills defaults in and tells everything that is wrong at once. Values that are not known yet are right. */
export function checkInputs(
  type: string,
  rules: Readonly<Record<string, PropertyRule>>,
  news: PropertyMap,
  check: ((inputs: PropertyMap) => readonly CheckFailure[]) | undefined,
): Checked {
  const defaults = Object.entries(rules)
    .filter(([, rule]) => rule.default !== undefined)
    .map(([name, rule]) => [name, structuredClone(rule.default)]);
  // The engine's own keys (`__defaults`) are no properties.
  const given = Object.entries(withoutAbsent(news)).filter(([name]) => !name.startsWith("__"));
  const inputs: PropertyMap = { ...Object.fromEntries(defaults), ...Object.fromEntries(given) };
  const names = Object.keys(rules);
  const strangers = Object.keys(inputs)
    .filter((name) => !(name in rules))
    .map((name) => ({ property: name, reason: unknownName(name, names, `property of ${type}`) }));
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));
  return {
    inputs,
    failures: [
      ...strangers,
      ...Object.entries(rules).flatMap(([name, rule]) => ruleFailure(name, rule, inputs)),
      ...(check?.(known) ?? []),
    ],
  };
}
