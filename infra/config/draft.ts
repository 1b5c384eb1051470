import type { z } from "zod";
import { Slug } from "../../contracts/names.ts";
import { issueProblems } from "./issues.ts";
import type { BoardConfig, Draft, RunnerConfig } from "./model.ts";
import { describe, isMapping, isSecret, type Problem, problem } from "./problems.ts";
import {
  boardSchema,
  boardsSchema,
  runnerSchema,
  runnersSchema,
  SECRET_KEYS,
  SECTIONS,
  type SecretKey,
} from "./schema.ts";

/** Collects problems while sections are read one by one, so that an error in one hides none in another. */
class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly values: ReadonlyMap<string, unknown>) {}

  section<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const value = this.values.get(name);
    // Said already; what the schema makes of it would be noise.
    if (isSecret(value)) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.problems.push(...issueProblems(parsed.error.issues, [name], value));
    return undefined;
  }

  /** A map whose entries are read one by one. `complete` is false where an entry, or all of it, is wrong. */
  entries<Schema extends z.ZodType>(
    name: string,
    whole: z.ZodType,
    schema: Schema,
  ): { found: ReadonlyMap<string, z.output<Schema>>; complete: boolean } {
    const found = new Map<string, z.output<Schema>>();
    const value = this.values.get(name);
    if (!isMapping(value) || isSecret(value)) {
      this.section(name, whole);
      return { found, complete: false };
    }
    let complete = true;
    for (const [key, entry] of Object.entries(value)) {
      const keyResult = Slug.safeParse(key);
      const result = schema.safeParse(entry);
      if (!keyResult.success) {
        this.problems.push(problem([name, key], "this key", keyResult.error.issues[0]?.message ?? "a name"));
      }
      if (!result.success) this.problems.push(...issueProblems(result.error.issues, [name, key], entry));
      if (keyResult.success && result.success) found.set(key, result.data);
      else complete = false;
    }
    if (complete && found.size === 0) {
      this.problems.push(problem([name], describe(value), "at least one entry"));
      complete = false;
    }
    return { found, complete };
  }

  secrets(): ReadonlySet<SecretKey> {
    const present = new Set<SecretKey>();
    for (const key of Object.keys(SECRET_KEYS) as SecretKey[]) {
      const value = this.values.get(key);
      if (value === undefined) continue;
      present.add(key);
      if (isSecret(value)) continue;
      this.problems.push(
        problem([key], "a plain value (not shown)", `a secret: pulumi config set --secret ${key}`),
      );
    }
    return present;
  }
}

/** Reads every section. What is wrong in itself is in `problems` and not in `draft`. */
export function readDraft(
  values: ReadonlyMap<string, unknown>,
  stack: string,
): { readonly draft: Draft; readonly problems: readonly Problem[] } {
  const reader = new Reader(values);
  const organization = reader.section("organization", SECTIONS.organization);
  const boards = reader.entries("boards", boardsSchema, boardSchema);
  const rootfs = reader.section("rootfs", SECTIONS.rootfs);
  const runners = reader.entries("runners", runnersSchema, runnerSchema);
  const builder = reader.section("builder", SECTIONS.builder);
  const artifacts = reader.section("artifacts", SECTIONS.artifacts);
  const release = reader.section("release", SECTIONS.release);
  const protection = reader.section("protection", SECTIONS.protection);
  const functions = reader.section("functions", SECTIONS.functions);
  const alarms = reader.section("alarms", SECTIONS.alarms);
  const githubApp = reader.section("githubApp", SECTIONS.githubApp);
  const providers = reader.section("providers", SECTIONS.providers);
  const tags = reader.section("tags", SECTIONS.tags);
  const draft: Draft = {
    stack,
    boards: withRepositories(boards.found),
    allBoards: boards.complete,
    runners: runners.found satisfies ReadonlyMap<string, RunnerConfig>,
    allRunners: runners.complete,
    secrets: reader.secrets(),
    ...(organization && { organization }),
    ...(rootfs && { rootfs }),
    ...(builder && { builder }),
    ...(artifacts && { artifacts }),
    ...(release && { release }),
    ...(protection && { protection }),
    ...(functions && { functions }),
    ...(alarms && { alarms }),
    ...(githubApp && { githubApp }),
    ...(providers && { providers }),
    ...(tags && { tags }),
  };
  return { draft, problems: reader.problems };
}

function withRepositories(
  boards: ReadonlyMap<string, z.output<typeof boardSchema>>,
): ReadonlyMap<string, BoardConfig> {
  return new Map(
    [...boards].map(([name, board]) => [
      name,
      { ...board, repository: board.repository ?? `image-builder-${name}` },
    ]),
  );
}
