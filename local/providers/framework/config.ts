import { suggestion } from "./nearest.ts";
import type { CheckFailure } from "./resource.ts";
import { isUnknown, type PropertyMap, withoutAbsent } from "./values.ts";

export interface ConfigRule {
  readonly kind: "text" | "boolean" | "number" | "json";
  /** A change means another account or machine: every resource of the provider is replaced. */
  readonly replace?: boolean;
}

export type ConfigRules = Readonly<Record<string, ConfigRule>>;

/** The engine's own, part of every provider's inputs. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL"]);

function isEngineKey(name: string): boolean {
  return ENGINE_KEYS.has(name) || name.startsWith("__");
}

/** The SDK sends all but texts as JSON: `"true"`, `"[{…}]"`. Config of the stack comes as it is. */
function decode(rule: ConfigRule, value: unknown): unknown {
  if (rule.kind === "text" || typeof value !== "string" || isUnknown(value)) return value;
  return value === "" ? undefined : JSON.parse(value);
}

function failureOf(name: string, rule: ConfigRule | undefined, value: unknown, names: readonly string[]) {
  if (rule === undefined) {
    return `unknown config key "${name}"${suggestion(name, names)}; the local provider knows ${names.join(", ")}`;
  }
  if (isUnknown(value)) return undefined;
  const expected = rule.kind === "text" ? "string" : rule.kind === "json" ? "object" : rule.kind;
  try {
    const found = decode(rule, value);
    return found === undefined || typeof found === expected
      ? undefined
      : `expected ${expected}, found ${typeof found}`;
  } catch {
    return `expected ${expected} as JSON, found other text`;
  }
}

/** Everything that is wrong with a provider's configuration. Says nothing of a value: it may be a credential. */
export function checkConfig(rules: ConfigRules, news: PropertyMap): readonly CheckFailure[] {
  const names = Object.keys(rules);
  return Object.entries(withoutAbsent(news)).flatMap(([name, value]) => {
    if (isEngineKey(name)) return [];
    const reason = failureOf(name, rules[name], value, names);
    return reason === undefined ? [] : [{ property: name, reason }];
  });
}

/** Config by name, decoded; absent, empty and unknown values are left out. */
export function parseConfig(rules: ConfigRules, values: PropertyMap): PropertyMap {
  const entries = Object.entries(withoutAbsent(values))
    .filter(([name, value]) => name in rules && !isUnknown(value))
    .map(([name, value]): [string, unknown] => [name, decode(rules[name] ?? { kind: "text" }, value)]);
  return withoutAbsent(Object.fromEntries(entries));
}

/** The names of what changed, and whether one of them stands for another account or machine. */
export function diffConfig(
  rules: ConfigRules,
  before: PropertyMap,
  after: PropertyMap,
): { readonly changed: readonly string[]; readonly replaces: readonly string[] } {
  const text = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isEngineKey(name),
  );
  const changed = names.filter((name) => text(before[name]) !== text(after[name]));
  // What is not known yet is no reason to announce that everything is replaced.
  const replaces = changed.filter((name) => rules[name]?.replace === true && !isUnknown(after[name]));
  return { changed, replaces };
}
