import { risksOf, uncheckedOf } from "./assess.ts";
import type { Action, Change, Preview } from "./changes.ts";
import { isDestructive, lossOf } from "./losses.ts";
import { type Levels, type PolicyResult, policyResults, uncheckedPolicies } from "./policy-results.ts";
import type { Risk, Unchecked } from "./risk.ts";
import { code, plain, title, value } from "./text.ts";
import { label } from "./urn.ts";
import { isSecret, isUnknown } from "./values.ts";
import type { ReportKind } from "./words.ts";

/** How an audit ends; the worst that is true. */
export const OUTCOMES = ["clean", "changes", "destructive", "violation", "error"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The exit code of `npm run audit`, by outcome. 1 is any command's error. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  clean: 0,
  error: 1,
  changes: 2,
  destructive: 3,
  violation: 4,
};

export interface Destructive {
  readonly urn: string;
  readonly section: string;
  readonly action: "delete" | "replace";
  /** What goes with it. Undefined where it is made again as it was. */
  readonly loss: string | undefined;
  /** It is kept in some form: archived, left. */
  readonly kept: boolean;
  /** Which properties force it, each with old → new, Markdown. */
  readonly because: readonly string[];
  /** The old one is gone before the new one is there. */
  readonly gap: boolean;
}

export interface ReportSection {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** What a reviewer is told. */
export interface Report {
  readonly kind: ReportKind;
  readonly stack: string;
  /** The commit that was audited. */
  readonly commit: string | undefined;
  readonly outcome: Outcome;
  readonly counts: Readonly<Partial<Record<Action, number>>>;
  readonly unchanged: number;
  readonly destructive: readonly Destructive[];
  readonly risks: readonly Risk[];
  readonly policies: readonly PolicyResult[];
  readonly unchecked: readonly Unchecked[];
  readonly sections: readonly ReportSection[];
  /** Why the preview failed. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface ReportContext {
  /** Default: an audit. */
  readonly kind?: ReportKind;
  readonly stack: string;
  readonly commit?: string;
  readonly levels: Levels;
  /** What went wrong outside of the engine: a stack file that is refused, an engine that was killed. */
  readonly failure?: string;
}

/** What is under no component of its own. */
const REST = "The stack itself";

export function sectionOf({ components }: Pick<Change, "components">): string {
  const [outermost] = components;
  return outermost === undefined ? REST : title(outermost);
}

export function makeReport(preview: Preview, context: ReportContext): Report {
  const { changes } = preview;
  const { kind = "audit" } = context;
  // What is gone already, no policy can keep.
  const policies = kind === "drift" ? [] : policyResults(preview.policies, changes, context.levels);
  const destructive = destructiveSteps(changes, kind);
  const errors = [
    ...(context.failure === undefined ? [] : [context.failure]),
    ...preview.diagnostics.filter(isFailure).map(({ urn, message }) => located(urn, message)),
  ];
  const failed = errors.length > 0 || !preview.complete;
  const mandatory = policies.some(({ level }) => level === "mandatory");
  return {
    kind,
    stack: context.stack,
    commit: context.commit,
    outcome: failed
      ? "error"
      : mandatory
        ? "violation"
        : destructive.length > 0
          ? "destructive"
          : changes.length > 0
            ? "changes"
            : "clean",
    counts: countActions(changes),
    unchanged: preview.unchanged,
    destructive,
    risks: risksOf(changes),
    policies,
    unchecked: [...uncheckedOf(changes), ...uncheckedPolicies(preview.policies)],
    sections: bySection(changes),
    errors: errors.length === 0 && failed ? ["the engine ended before its preview did"] : errors,
    warnings: preview.diagnostics
      .filter(({ severity }) => severity === "warning")
      .map(({ urn, message }) => located(urn, message)),
  };
}

/** The engine's own last word on a failed preview says only that there were errors. */
const SAYS_NOTHING =
  /^(error: )?(preview failed|update failed|resource violates plan|resource monitor shut down while waiting)\s*$/i;

function isFailure({ severity, message }: { readonly severity: string; readonly message: string }): boolean {
  return severity === "error" && !SAYS_NOTHING.test(message.trim());
}

function located(urn: string, message: string): string {
  const text = message.trim();
  return urn === "" ? text : `${plain(label(urn))}: ${text}`;
}

function countActions(changes: readonly Change[]): Report["counts"] {
  const counts: Partial<Record<Action, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

function bySection(changes: readonly Change[]): readonly ReportSection[] {
  const sections = new Map<string, Change[]>();
  for (const change of changes) {
    const name = sectionOf(change);
    sections.set(name, [...(sections.get(name) ?? []), change]);
  }
  return [...sections]
    .map(([name, own]) => ({ title: name, changes: own }))
    .sort((a, b) => Number(a.title === REST) - Number(b.title === REST) || a.title.localeCompare(b.title));
}

/** Deletes and replacements, what loses most first. */
function destructiveSteps(changes: readonly Change[], kind: ReportKind): readonly Destructive[] {
  const causes = replacedNames(changes);
  return changes
    .flatMap((change): Destructive[] => {
      const { urn, action, gap } = change;
      if (!isDestructive(change) || (action !== "delete" && action !== "replace")) return [];
      const loss = lossOf(change, kind);
      return [
        {
          urn,
          section: sectionOf(change),
          action,
          loss: loss?.what,
          kept: loss?.kept ?? false,
          because: action === "delete" ? [] : change.forcedBy.map((key) => because(change, key, causes)),
          gap,
        },
      ];
    })
    .sort((a, b) => rank(a) - rank(b));
}

const rank = ({ loss, kept, action }: Destructive) =>
  (loss === undefined ? 4 : kept ? 2 : 0) + (action === "delete" ? 0 : 1);

/** What replaced resources are called by others: id, ARN, name. */
function replacedNames(changes: readonly Change[]): ReadonlyMap<unknown, Change> {
  return new Map(
    changes
      .filter(({ action }) => action === "replace")
      .flatMap((change): [unknown, Change][] => [
        [change.oldState?.id, change],
        [change.oldState?.outputs?.arn, change],
      ])
      .filter(([name]) => typeof name === "string" && name !== ""),
  );
}

function because(change: Change, key: string, causes: ReadonlyMap<unknown, Change>): string {
  const own = change.properties.filter(({ path }) => path === key || /^[.[]/.test(path.slice(key.length)));
  if (key === "provider") return "its provider is replaced";
  const cause = isUnknown(change.new[key]) ? causes.get(change.old[key]) : undefined;
  if (cause !== undefined && cause.urn !== change.urn) return `it follows ${code(label(cause.urn))}`;
  const [first] = own;
  if (first === undefined) return code(key);
  const more = own.length > 1 ? ` and ${own.length - 1} more below ${code(key)}` : "";
  if (isSecret(first.old) && isSecret(first.new)) return `${code(first.path)} is another secret`;
  return `${code(first.path)} changes from ${value(first.old)} to ${value(first.new)}${more}`;
}
