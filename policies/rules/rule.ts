import type { PolicyName } from "../../contracts/policies.ts";

/** A resource as a rule sees it: what the program asked for, or at the end what became of it. */
export interface Subject {
  readonly urn: string;
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  /** Reading a value that is not known yet throws: then the engine says that the rule could not be checked. */
  readonly props: Readonly<Record<string, unknown>>;
}

/** What the stack's config says to the rules. */
export interface RuleSettings {
  /** Ids of the GitHub Apps that may pass branch protection at any time. */
  readonly allowedApps: readonly number[];
}

interface RuleText {
  /** Lower case words with dashes: config and docs/policies.md call it so. */
  readonly name: PolicyName;
  /** What must be, as one sentence. */
  readonly description: string;
  /** Why. */
  readonly reason: string;
  /** What to do about a violation. */
  readonly fix: string;
  readonly severity: "critical" | "high" | "medium" | "low";
  /** `mandatory` stops an `up` and makes an audit fail; `advisory` is told. */
  readonly level: "mandatory" | "advisory";
}

/** Judges one resource by itself, before it is made or changed. */
export interface ResourceRule extends RuleText {
  /** What is wrong with the resource, one sentence each. Empty when nothing is. */
  readonly check: (subject: Subject, settings: RuleSettings) => readonly string[];
}

/** Judges what belongs together, once all of it is known. */
export interface StackRule extends RuleText {
  /** What is wrong about which resource. */
  readonly checkStack: (subjects: readonly Subject[], settings: RuleSettings) => Iterable<Finding>;
}

export interface Finding {
  readonly urn: string;
  readonly message: string;
}

export type Rule = ResourceRule | StackRule;
