import { z } from "zod";
import { suggestion } from "./suggestion.ts";

/**
 * An object that refuses unknown keys. The message of the "unrecognized_keys" issue has one line per key,
 * in the order of `issue.keys`, each saying what the key could have been: who reports the issue needs the
 * known keys, which zod does not put there.
 */
export function exactObject<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => expectedKey(key, known)).join("\n")
        : `a mapping with ${known.join(", ")}`,
  });
}

/** `one of a, b — did you mean "a"?` */
export function expectedKey(key: string, known: readonly string[]): string {
  const meant = suggestion(key, known);
  const list = `one of ${known.join(", ")}`;
  return meant === undefined ? list : `${list} — did you mean "${meant}"?`;
}
