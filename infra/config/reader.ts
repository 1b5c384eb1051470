import type { z } from "zod";
import { Slug } from "../../contracts/names.ts";
import { issueProblems } from "./issues.ts";
import { describe, isMapping, isSecret, type Problem, problem } from "./problems.ts";
import { holdsSecret } from "./scan.ts";
import { SECRET_KEYS } from "./schema.ts";

/** The entries of a map. `whole` has those that are right, `parts` what is right of each. */
export interface Entries<Entry> {
  readonly whole: ReadonlyMap<string, Entry>;
  readonly parts: ReadonlyMap<string, Partial<Entry>>;
}

/** The schemas of fields that are read one by one; of entries of several kinds, those that all have. */
export type FieldSchemas<Entry> = {
  readonly [Field in Exclude<keyof Entry, never>]?: z.ZodType<Entry[Field]>;
};

/** Reads sections one by one and keeps every problem, so that an error in one hides none in another. */
export class SectionReader {
  readonly problems: Problem[] = [];

  constructor(private readonly values: ReadonlyMap<string, unknown>) {}

  /** Undefined where it is wrong. */
  section<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const value = this.values.get(name);
    // Said already; what the schema makes of it would be noise.
    if (holdsSecret(value)) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.problems.push(...issueProblems(parsed.error.issues, [name], value));
    return undefined;
  }

  /** The fields of a section that are right, where not all of them are. */
  fields<Section extends object>(name: string, schemas: FieldSchemas<Section>): Partial<Section> {
    const value = this.values.get(name);
    return holdsSecret(value) ? {} : readFields(schemas, value);
  }

  /**
   * In the order of the keys: the engine sorts a file's keys, and the same file is to give the same either way.
   * Undefined where there is no map. `fields` are read of an entry that is not right as a whole.
   */
  entries<Entry extends object>(
    name: string,
    schemas: {
      readonly map: z.ZodType;
      readonly entry: z.ZodType<Entry>;
      readonly fields: FieldSchemas<Entry>;
      /** Whether there may be none. */
      readonly mayBeEmpty?: boolean;
      /** Defaults that depend on the entry's name, or on what else it says, right or not. */
      readonly defaults?: (key: string, given: Readonly<Record<string, unknown>>) => Partial<Entry>;
    },
  ): Entries<Entry> | undefined {
    const value = this.values.get(name);
    if (!isMapping(value) || holdsSecret(value)) {
      this.section(name, schemas.map);
      return undefined;
    }
    if (Object.keys(value).length === 0 && !schemas.mayBeEmpty) {
      this.problems.push(problem([name], describe(value), "at least one entry"));
      return undefined;
    }
    const whole = new Map<string, Entry>();
    const parts = new Map<string, Partial<Entry>>();
    for (const key of Object.keys(value).sort()) {
      const given = value[key];
      const slug = Slug.safeParse(key);
      for (const issue of slug.error?.issues ?? []) {
        this.problems.push(problem([name, key], "this key", issue.message));
      }
      // A default made of a wrong name would be wrong too, and that is no problem of its own.
      const defaults = schemas.defaults?.(slug.success ? key : "unnamed", isMapping(given) ? given : {});
      const entry = isMapping(given) ? { ...defaults, ...given } : given;
      const parsed = schemas.entry.safeParse(entry);
      if (!parsed.success) this.problems.push(...issueProblems(parsed.error.issues, [name, key], entry));
      if (parsed.success && slug.success) {
        whole.set(key, parsed.data);
        parts.set(key, parsed.data);
      } else {
        parts.set(key, readFields(schemas.fields, slug.success ? entry : given));
      }
    }
    return { whole, parts };
  }

  secrets(): void {
    for (const key of Object.keys(SECRET_KEYS)) {
      const value = this.values.get(key);
      if (value === undefined || isSecret(value)) continue;
      const expected = `a secret: pulumi config set --secret hypriotos:${key}`;
      this.problems.push(problem([key], "a plain value (not shown)", expected));
    }
  }
}

function readFields<Entry extends object>(fields: FieldSchemas<Entry>, entry: unknown): Partial<Entry> {
  const read: Partial<Entry> = {};
  if (!isMapping(entry)) return read;
  for (const field of Object.keys(fields) as Extract<keyof Entry, string>[]) {
    const parsed = fields[field]?.safeParse(Object.hasOwn(entry, field) ? entry[field] : undefined);
    if (parsed?.success && parsed.data !== undefined) read[field] = parsed.data;
  }
  return read;
}
