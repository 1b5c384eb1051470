import { PIPELINE_LABELS } from "../../components/plan/labels.ts";
import { DEFAULT_BRANCH } from "../../contracts/names.ts";
import type { ExistingRepository } from "./github.ts";

/** A repository that the stack file asks for. */
export interface PlannedRepository {
  /** What asks for it: `boards.raspberry-pi`, `rootfs`; undefined for a template, which the program always makes. */
  readonly entry: string | undefined;
  readonly repository: string;
  readonly adopt: boolean;
  /** Path → content of the files that the program keeps there; undefined where only an update knows it. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** What every repository of the stack gets. */
export interface Settings {
  readonly organization: string;
  readonly visibility: string;
  /** Team slug → permission. */
  readonly teams: Readonly<Record<string, string>>;
  readonly rulesets: readonly string[];
}

export interface Verdict {
  readonly planned: PlannedRepository;
  readonly existing: ExistingRepository | undefined;
  /** What stays and is worth a word. */
  readonly keeps: readonly string[];
  /** What `up` changes there that the engine's preview does not tell as a change. */
  readonly changes: readonly string[];
  /** Why it must not be taken over as it is; each says what to do. */
  readonly refusals: readonly string[];
}

/** What taking a repository over means, and why it must not be done yet. Pure. */
export function judge(
  planned: PlannedRepository,
  existing: ExistingRepository | undefined,
  settings: Settings,
): Verdict {
  if (existing === undefined) {
    const refusals = planned.adopt
      ? [
          `there is no ${settings.organization}/${planned.repository}, or the token does not see it: correct \`repository\`, or take \`adopt\` out and it is made`,
        ]
      : [];
    return { planned, existing, keeps: [], changes: [], refusals };
  }
  return {
    planned,
    existing,
    keeps: keeps(existing),
    changes: [...fileChanges(planned, existing), ...teamChanges(existing, settings)],
    refusals: [
      ...stateRefusals(planned, existing, settings),
      ...commitRefusals(existing),
      ...nameRefusals(existing, settings),
    ],
  };
}

function keeps(existing: ExistingRepository): string[] {
  const { open, releases, labels, hooks, rulesets } = existing;
  return [
    "its number, commits, branches and tags",
    `${open} open issues and pull requests, and all that are closed`,
    `${releases} releases`,
    `${labels.length} labels`,
    ...(hooks.length === 0
      ? []
      : [`webhooks to ${hooks.join(", ")}: take away by hand what is of no use any more`]),
    ...(rulesets.length === 0 ? [] : [`rulesets ${rulesets.join(", ")}: they hold beside the program's`]),
    ...(existing.protection === undefined
      ? []
      : ["its branch protection: it holds beside the program's rulesets"]),
  ];
}

function fileChanges({ files }: PlannedRepository, existing: ExistingRepository): string[] {
  return [...files].flatMap(([path, content]) => {
    const there = existing.files.get(path);
    if (there === undefined) return [`${path}: added by a commit`];
    return there === content ? [] : [`${path}: exists, and is replaced by a commit`];
  });
}

function teamChanges({ teams }: ExistingRepository, settings: Settings): string[] {
  return Object.entries(settings.teams).flatMap(([team, permission]) => {
    const before = teams.get(team);
    return before === permission ? [] : [`team ${team}: ${before ?? "no access of its own"} → ${permission}`];
  });
}

function stateRefusals(
  planned: PlannedRepository,
  existing: ExistingRepository,
  settings: Settings,
): string[] {
  const { fullName, archived, visibility, defaultBranch } = existing;
  const name = `${settings.organization}/${planned.repository}`;
  return [
    ...existsRefusals(planned),
    ...(fullName.toLowerCase() === name.toLowerCase()
      ? []
      : [`it is called ${fullName} by now: name that in the stack file`]),
    ...(archived ? [`it is archived, so that nothing can be changed: gh repo unarchive ${fullName}`] : []),
    ...(visibility === settings.visibility
      ? []
      : [
          `it would become ${settings.visibility}, and is ${visibility}: change \`organization.visibility\`, or the repository by hand where that is meant`,
        ]),
    ...(defaultBranch === DEFAULT_BRANCH
      ? []
      : [
          `its default branch is ${defaultBranch}, and the pipeline builds ${DEFAULT_BRANCH}: gh api --method POST repos/${fullName}/branches/${defaultBranch}/rename -f new_name=${DEFAULT_BRANCH}`,
        ]),
  ];
}

function existsRefusals({ adopt, entry }: PlannedRepository): string[] {
  if (adopt) return [];
  const what = "it exists, and `up` would fail to make it";
  return [
    entry === undefined
      ? `${what}: the program's own template has this name, rename yours`
      : `${what}: give hypriotos:${entry} \`adopt: true\` in the stack file`,
  ];
}

/** The program commits its files: what would refuse that makes `up` fail half way. */
function commitRefusals({ blockers, protection, defaultBranch }: ExistingRepository): string[] {
  const wanted = protection ?? [];
  return [
    ...blockers.map(
      ({ ruleset, rule }) =>
        `ruleset ${ruleset} (${rule}) would refuse the program's commits: put the App on its bypass list, or delete it; \`up\` makes rulesets that want reviews and checks`,
    ),
    ...(wanted.length === 0
      ? []
      : [
          `the branch protection of ${defaultBranch} wants ${wanted.join(" and ")} of the program's commits: let the App pass, or delete it; \`up\` makes rulesets that want reviews and checks`,
        ]),
  ];
}

/** What GitHub has once in a repository. */
function nameRefusals({ labels, rulesets }: ExistingRepository, settings: Settings): string[] {
  const taken = new Set(labels.map((label) => label.toLowerCase()));
  return [
    ...PIPELINE_LABELS.filter(({ name }) => taken.has(name.toLowerCase())).map(
      ({ name }) =>
        `label ${name} exists, and the program's would be refused: gh label edit ${name} --name ${name}-before`,
    ),
    ...settings.rulesets
      .filter((name) => rulesets.includes(name))
      .map((name) => `a ruleset is called "${name}" already: rename it, GitHub takes a name once`),
  ];
}
