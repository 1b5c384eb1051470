import { z } from "zod";
import { Architecture } from "../../contracts/architecture.ts";
import { uniqueList } from "../../contracts/list.ts";

/** A TCP port, as a part of a pattern. */
export const PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/** A whole number with one message for everything that can be wrong with it. */
export function wholeNumber(minimum: number, maximum: number, unit = "") {
  const expected = `a whole number${unit === "" ? "" : ` of ${unit}`} from ${minimum} to ${maximum}`;
  return z.int({ error: expected }).min(minimum, { error: expected }).max(maximum, { error: expected });
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

/** One message, whatever of it is wrong; a later check runs only on text that has the pattern. */
export function text(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected, abort: true });
}

export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

export function mapOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
  expected: string,
) {
  return z.record(key, value, { error: expected });
}

export const architecturesSchema = uniqueList(Architecture, "a list of architectures").min(1, {
  error: "a list of at least one architecture",
});
