import { z } from "zod";

export interface Repetition {
  readonly index: number;
  /** Where it stands first. */
  readonly first: number;
}

/** Every item that stands in the list before. */
export function repetitions(items: readonly unknown[]): readonly Repetition[] {
  const positions = new Map<unknown, number>();
  return items.flatMap((item, index) => {
    const first = positions.get(item);
    if (first !== undefined) return [{ index, first }];
    positions.set(item, index);
    return [];
  });
}

/** What is expected of an item that stands in the list before. */
export function onlyOnce({ first }: Repetition): string {
  return `each item once: it is item ${first} already`;
}

/** A list without repetition: what stands twice is an oversight, and some services refuse it. */
export function uniqueList<Item extends z.ZodType>(item: Item, expected: string) {
  return z
    .array(item, { error: expected })
    .check(({ value, issues }) => {
      for (const repetition of repetitions(value)) {
        const { index } = repetition;
        issues.push({ code: "custom", message: onlyOnce(repetition), path: [index], input: value[index] });
      }
    })
    .meta({ uniqueItems: true });
}
