import type { z } from "zod";
import { describe, type Path, type Problem, problem, valueAt } from "./problems.ts";

/** Zod's findings on `value`, which stands at `base` in the stack file, as problems. */
export function issueProblems(issues: readonly z.core.$ZodIssue[], base: Path, value: unknown): Problem[] {
  return issues.flatMap((issue) => {
    const inner = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    const path = [...base, ...inner];
    if (issue.code === "unrecognized_keys") {
      const expected = issue.message.split("\n");
      return issue.keys.map((key, index) =>
        problem([...path, key], "an unknown key", expected[index] ?? "no such key"),
      );
    }
    if (issue.code === "invalid_key") {
      return issue.issues.map((keyIssue) => problem(path, "this key", keyIssue.message));
    }
    const found = valueAt(value, inner);
    return [problem(path, describe(found), expectation(issue, found))];
  });
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function expectation(issue: z.core.$ZodIssue, found: unknown): string {
  const wanted = issue.message.startsWith("Invalid input") ? standardMessage(issue) : issue.message;
  return wanted + quotingHint(issue, found);
}

/** Zod's own messages repeat what was found; every other message is written by us as an expectation. */
function standardMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  return issue.message;
}

/** In YAML, quotes make the difference between a number and text, and neither is seen easily. */
function quotingHint(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code !== "invalid_type") return "";
  const numeric = issue.expected === "number" || issue.expected === "int";
  if (numeric && typeof found === "string" && /^-?\d+(\.\d+)?$/.test(found)) return " — without quotes";
  if (issue.expected === "boolean" && (found === "true" || found === "false")) return " — without quotes";
  if (issue.expected === "string" && (typeof found === "number" || typeof found === "boolean"))
    return " — put it in quotes";
  return "";
}
