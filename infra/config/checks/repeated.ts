import { describe, type Path, type Problem, problem } from "../problems.ts";

/** A problem at each item that stands in the list before. */
export function checkRepeated(path: Path, items: readonly string[]): Problem[] {
  const first = new Map<string, number>();
  return items.flatMap((item, index) => {
    const earlier = first.get(item);
    if (earlier !== undefined) {
      return [problem([...path, index], describe(item), `each item once: it is item ${earlier} already`)];
    }
    first.set(item, index);
    return [];
  });
}
