import { expect } from "vitest";
import type { ResourceRule, RuleSettings, StackRule, Subject } from "./rule.ts";

const SETTINGS: RuleSettings = { allowedApps: [7] };

/** A resource in a stack, as a policy sees it. */
export function subject(type: string, name: string, props: Readonly<Record<string, unknown>>): Subject {
  return { urn: `urn:pulumi:stack::hypriotos::${type}::${name}`, type, name, props };
}

export interface ResourceCase {
  readonly rule: ResourceRule;
  readonly type: string;
  /** What satisfies the rule. */
  readonly good: Readonly<Record<string, unknown>>;
  /** What is changed of it, with what the rule says then. */
  readonly bad: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[];
}

/** The rule has nothing to say to what is good and to a resource of another type, and says each thing that is bad. */
export function judges({ rule, type, good, bad }: ResourceCase): void {
  const check = (props: Readonly<Record<string, unknown>>, of = type) =>
    rule.check(subject(of, "one", props), SETTINGS);
  expect(check(good)).toEqual([]);
  for (const [change, messages] of bad) {
    expect(check({ ...good, ...change })).toEqual(messages);
    if (rule.name !== "known-types") expect(check({ ...good, ...change }, "aws:kms/alias:Alias")).toEqual([]);
  }
}

/** What a stack rule says, as `<name>: <message>`. */
export function findings(rule: StackRule, subjects: readonly Subject[]): readonly string[] {
  return [...rule.checkStack(subjects, SETTINGS)].map(
    ({ urn, message }) => `${urn.split("::").at(-1)}: ${message}`,
  );
}
