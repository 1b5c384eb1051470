import {
  NAME_LIMITS,
  type PhysicalName,
  physicalNames,
  runnerNames,
  stackNames,
} from "../../../components/plan/names.ts";
import { ARCHITECTURES } from "../../../contracts/architecture.ts";
import { BucketName } from "../../../contracts/names.ts";
import type { Draft } from "../model.ts";
import { type Problem, problem, quote } from "../problems.ts";

/** Physical names are made of organization, stack and runner names: together they must fit. */
export function checkNames(draft: Draft): Problem[] {
  const { organization, stack, artifacts } = draft;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stack)) {
    const expected =
      "lower-case letters, digits and single hyphens between them: it is part of physical names";
    return [{ path: "stack name", found: quote(stack), expected }];
  }
  const { name } = organization;
  if (name === undefined) return [];
  const problems: Problem[] = [];
  const long = longest(stackNames(name, stack, ARCHITECTURES));
  if (long !== undefined) {
    problems.push({
      path: "stack name",
      found: quote(stack),
      expected: shorter(long, "organization and stack name"),
    });
  }
  const bucket = physicalNames(name, stack).artifactBucket;
  if (artifacts !== undefined && artifacts.bucket === undefined && !BucketName.safeParse(bucket).success) {
    problems.push(
      problem(
        ["artifacts", "bucket"],
        "nothing",
        `a bucket name, because the default ${quote(bucket)} is none`,
      ),
    );
  }
  // The stack's own name is too long then, and every runner's would be reported for it.
  if (long !== undefined) return problems;
  for (const [runner, { kind }] of draft.runners ?? []) {
    const tooLong = longest(runnerNames(name, stack, runner, kind));
    if (tooLong !== undefined) {
      problems.push(
        problem(["runners", runner], "this key", shorter(tooLong, "organization, stack and runner name")),
      );
    }
  }
  return problems;
}

/** The name that is furthest over its limit; undefined where all fit. */
function longest(names: readonly PhysicalName[]): PhysicalName | undefined {
  const excess = ({ kind, name }: PhysicalName) => name.length - NAME_LIMITS[kind];
  return names.filter((name) => excess(name) > 0).sort((a, b) => excess(b) - excess(a))[0];
}

function shorter({ kind, name }: PhysicalName, parts: string): string {
  const limit = NAME_LIMITS[kind];
  return `${parts} together ${name.length - limit} characters shorter: the ${kind} ${name} may have ${limit} characters`;
}
