import { physicalNames } from "../../components/plan/names.ts";
import { ARCHITECTURES } from "../../contracts/architecture.ts";
import { expectedKey } from "../../contracts/object.ts";
import { claimsOf } from "./checks/stacks.ts";
import { checkDraft } from "./checks.ts";
import { type ReadStack, readStack } from "./draft.ts";
import type { BoardConfig, PipelineConfig, StackClaims } from "./model.ts";
import { NAMESPACE, type Problem, problem, sortProblems } from "./problems.ts";
import { defaultBypass } from "./protection.ts";
import { scan } from "./scan.ts";
import { SECRET_KEYS, SECTIONS } from "./schema.ts";

export type ParseResult =
  | { readonly config: PipelineConfig; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly config?: never };

const PREFIX = `${NAMESPACE}:`;

const KEYS = [...Object.keys(SECTIONS), ...Object.keys(SECRET_KEYS)];

/**
 * Reads a stack's configuration: `raw` is what stands under `config:` in its stack file, keys as they are there
 * (`hypriotos:boards`), secrets as `{secure: …}`. Keys of other namespaces are left alone. `others` are the
 * claims of the stacks beside it. Never throws on data, and gives every problem there is, by path.
 */
export function parseConfig(
  raw: Readonly<Record<string, unknown>>,
  stack: string,
  others: readonly StackClaims[] = [],
): ParseResult {
  const values = ownValues(raw);
  const read = readStack(values, stack);
  const telling = keyProblems(values);
  // What a schema makes of a value that may not be there at all is noise.
  const said = new Set(telling.map(({ path }) => path));
  const problems = [
    ...telling,
    ...read.problems.filter(({ path }) => !said.has(path)),
    ...checkDraft(read.draft, others),
  ];
  if (problems.length > 0) return { problems: sortProblems(problems) };
  return { config: complete(read) };
}

/** What a stack keeps for itself, as far as its file can be read. For the check of another stack. */
export function stackClaims(raw: Readonly<Record<string, unknown>>, stack: string): StackClaims {
  return claimsOf(readStack(ownValues(raw), stack).draft);
}

/** The stack file's `config:` that says the same as `config`, every default spelled out. Without secrets. */
export function serializeConfig(config: PipelineConfig): Readonly<Record<string, unknown>> {
  const { stack: _stack, ...sections } = config;
  return Object.fromEntries(Object.entries(sections).map(([key, value]) => [PREFIX + key, value]));
}

function ownValues(raw: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(raw)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
}

function keyProblems(values: ReadonlyMap<string, unknown>): Problem[] {
  return [...values].flatMap(([key, value]) => {
    if (Object.hasOwn(SECRET_KEYS, key)) return [];
    const unknown = KEYS.includes(key) ? [] : [problem([key], "an unknown key", expectedKey(key, KEYS))];
    return [...unknown, ...scan([key], value)];
  });
}

/** Fills in what depends on more than one section. Only called when no section has a problem. */
function complete({ draft, sections, boards, kernels, runners }: ReadStack): PipelineConfig {
  const {
    organization,
    rootfs,
    builder,
    artifacts,
    release,
    protection,
    functions,
    alarms,
    policies,
    githubApp,
    providers,
    tags,
  } = sections;
  if (
    !(
      organization &&
      rootfs &&
      builder &&
      artifacts &&
      release &&
      protection &&
      functions &&
      alarms &&
      policies &&
      githubApp &&
      providers &&
      tags
    )
  ) {
    throw new Error("a section without a value must have been reported as a problem");
  }
  return {
    stack: draft.stack,
    organization,
    boards: Object.fromEntries(boards),
    rootfs: { ...rootfs, architectures: rootfs.architectures ?? boardArchitectures(boards.values()) },
    kernels: Object.fromEntries(kernels),
    runners: Object.fromEntries(runners),
    builder,
    artifacts: {
      ...artifacts,
      bucket: artifacts.bucket ?? physicalNames(organization.name, draft.stack).artifactBucket,
    },
    release,
    protection: { ...protection, bypass: protection.bypass ?? defaultBypass(githubApp.id) },
    functions,
    alarms,
    policies,
    githubApp,
    providers,
    tags,
  };
}

/** In the fixed order of `ARCHITECTURES`, so that moving a board in the file changes no resource. */
function boardArchitectures(boards: Iterable<BoardConfig>) {
  const used = new Set([...boards].map((board) => board.architecture));
  return ARCHITECTURES.filter((architecture) => used.has(architecture));
}
