import type { Action } from "./changes.ts";
import type { Outcome } from "./report.ts";
import { count } from "./text.ts";

/** What a report is of: a change that is to come, or what was changed outside of the program. */
export type ReportKind = "audit" | "drift";

/** How a report says the same things: of what would be done, and of what somebody has done. */
export interface Words {
  readonly verdicts: Readonly<Record<Outcome, string>>;
  /** Behind a number, in the summary's order: `to create`. */
  readonly verbs: readonly (readonly [Action, string])[];
  /** Before a resource's name. */
  readonly signs: Readonly<Record<Action, string>>;
  /** The heading of what is lost. */
  readonly destructive: string;
  /** Before the name of what is lost. */
  readonly step: Readonly<Record<"delete" | "replace", string>>;
  /** All there is to say where nothing changes. */
  readonly nothing: (unchanged: number) => string;
}

const AUDIT: Words = {
  verdicts: {
    clean: "No changes.",
    changes: "Changes, nothing is destroyed.",
    destructive: "**Something is destroyed or replaced.**",
    violation: "**Refused: a mandatory policy is violated.**",
    error: "**The preview failed.**",
  },
  verbs: [
    ["create", "to create"],
    ["update", "to update"],
    ["replace", "to replace"],
    ["delete", "to delete"],
    ["import", "to import"],
    ["forget", "to forget"],
  ],
  signs: {
    create: "create",
    update: "update",
    replace: "**replace**",
    delete: "**delete**",
    import: "import",
    read: "read",
    forget: "forget",
  },
  destructive: "Destroyed or replaced",
  step: { delete: "delete", replace: "replace" },
  nothing: (unchanged) => `no changes, ${count(unchanged, "resource")} as they are.`,
};

const DRIFT: Words = {
  ...AUDIT,
  verdicts: {
    ...AUDIT.verdicts,
    clean: "Nothing was changed outside.",
    changes: "Something was changed outside.",
    destructive: "**Something was deleted outside.**",
    error: "**What is there could not be read.**",
  },
  verbs: [
    ["update", "changed outside"],
    ["delete", "deleted outside"],
  ],
  signs: { ...AUDIT.signs, update: "changed", delete: "**deleted**" },
  destructive: "Deleted outside",
  step: { delete: "deleted", replace: "replaced" },
  nothing: (unchanged) => `nothing was changed outside, ${count(unchanged, "resource")} as they should be.`,
};

export const WORDS: Readonly<Record<ReportKind, Words>> = { audit: AUDIT, drift: DRIFT };

/** `2 to create`, as the summary and each part say it. */
export function tallied(words: Words, action: Action, number: number): string {
  const verb = words.verbs.find(([known]) => known === action)?.[1] ?? `to ${action}`;
  return `${number.toLocaleString("en-US")} ${verb}`;
}
