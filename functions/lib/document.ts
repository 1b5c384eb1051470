import type { z } from "zod";
import { problemLines } from "../../contracts/problems.ts";

/**
 * A document of JSON. Throws one error that names everything that is wrong with it, and `key`. `expected` says in words
 * what it should be: `a manifest`.
 */
export function parseDocument<Schema extends z.ZodType>(
  key: string,
  text: string,
  schema: Schema,
  expected: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${key}: found no JSON, expected ${expected}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${key}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
