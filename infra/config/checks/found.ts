import type { Draft } from "../model.ts";
import { describe, type Path, valueAt } from "../problems.ts";

/** What stands at a path of the stack file, or that nothing does and `value` is the default. */
export function found(draft: Draft, path: Path, value: unknown): string {
  const [section, ...rest] = path;
  const given = valueAt(draft.raw.get(String(section)), rest) !== undefined;
  return given ? describe(value) : `${describe(value)} (the default)`;
}
