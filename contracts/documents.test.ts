import { expect, it } from "vitest";
import type { z } from "zod";
import { cases, contracts } from "./judged-documents.ts";

/** `a.b[0]`, as the builder writes it. */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function issueFields(issue: z.core.$ZodIssue): string[] {
  return issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => fieldName([...issue.path, key]))
    : [fieldName(issue.path)];
}

/** The fields that the contract names, each once. */
function byContract(file: keyof typeof contracts, text: string): string[] {
  const result = contracts[file].safeParse(JSON.parse(text));
  return result.success ? [] : [...new Set(result.error.issues.flatMap(issueFields))].sort();
}

it.each(cases)("$file $text", ({ file, text, fields }) => {
  expect(byContract(file, text)).toEqual([...fields].sort());
});
