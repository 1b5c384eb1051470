import { createHash } from "node:crypto";
import type { Outcome, Report } from "./report.ts";

export interface SeverityLabel {
  readonly name: string;
  /** Six hex digits. */
  readonly color: string;
  readonly description: string;
}

/** What a label of a stack says, in the order of how severe it is. */
export const SEVERITIES = {
  failed: { color: "6a737d", description: "The preview failed: not all of this change is known" },
  refused: { color: "86181d", description: "A mandatory policy refuses this change" },
  destructive: { color: "b60205", description: "Something is deleted or replaced" },
  "high risk": { color: "d93f0b", description: "A severe risk comes with this change" },
  risk: { color: "fbca04", description: "A risk comes with this change" },
  changes: { color: "0e8a16", description: "Changes, nothing is destroyed" },
} as const;

type Severity = keyof typeof SEVERITIES;

const BY_OUTCOME: Readonly<Record<Outcome, readonly Severity[]>> = {
  clean: [],
  changes: ["changes"],
  destructive: ["destructive"],
  violation: ["refused"],
  error: ["failed"],
};

/** GitHub's own limit, less what stands around the stack's name. */
const LONGEST_STACK = 50 - "audit : destructive".length;
const DIGEST = 6;

/** A stack's name as labels have it. One that is too long is cut, and told from its likes by a digest. */
function labelStack(stack: string): string {
  if (stack.length <= LONGEST_STACK) return stack;
  const digest = createHash("sha256").update(stack).digest("hex").slice(0, DIGEST);
  return `${stack.slice(0, LONGEST_STACK - DIGEST - 1)}~${digest}`;
}

/** `audit production: destructive` */
function labelName(stack: string, severity: Severity): string {
  return `audit ${labelStack(stack)}: ${severity}`;
}

/** The labels that a pull request gets for a report. One without changes has none. */
export function severityLabels({
  stack,
  outcome,
  destructive,
  risks,
}: Pick<Report, "stack" | "outcome" | "destructive" | "risks">): readonly SeverityLabel[] {
  const found = new Set<Severity>(BY_OUTCOME[outcome]);
  // What a policy refuses may destroy something, too.
  if (destructive.length > 0) found.add("destructive");
  if (risks.some(({ severity }) => severity === "high")) found.add("high risk");
  else if (risks.length > 0) found.add("risk");
  return [...found].map((severity) => ({ name: labelName(stack, severity), ...SEVERITIES[severity] }));
}

export interface LabelChanges {
  readonly add: readonly SeverityLabel[];
  /** Names as the pull request has them. */
  readonly remove: readonly string[];
}

/**
 * What has to be done with a pull request's labels. Only those that an audit of the same stack could have set are
 * removed. GitHub's label names are equal whatever their case.
 */
export function labelChanges(
  stack: string,
  present: readonly string[],
  wanted: readonly SeverityLabel[],
): LabelChanges {
  const lower = (name: string) => name.toLowerCase();
  const own = new Set(Object.keys(SEVERITIES).map((key) => lower(labelName(stack, key as Severity))));
  const want = new Set(wanted.map(({ name }) => lower(name)));
  const have = new Set(present.map(lower));
  return {
    add: wanted.filter(({ name }) => !have.has(lower(name))),
    remove: present.filter((name) => own.has(lower(name)) && !want.has(lower(name))),
  };
}
