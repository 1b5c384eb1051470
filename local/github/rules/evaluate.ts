import { matchesRef } from "./pattern.ts";
import type { BypassActor, Rule, RulesetInput } from "./schema.ts";

export type PermissionLevel = "none" | "read" | "triage" | "write" | "maintain" | "admin";

const LEVELS: readonly PermissionLevel[] = ["none", "read", "triage", "write", "maintain", "admin"];

export function atLeast(level: PermissionLevel, wanted: PermissionLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}

/** Who changes a ref. */
export interface Actor {
  readonly organizationAdmin: boolean;
  readonly level: PermissionLevel;
  readonly teams: readonly number[];
  /** The App, where an installation token is used. */
  readonly integration: number | undefined;
}

/** What a pull request has when it is merged. */
export interface MergeFacts {
  readonly method: "merge" | "squash" | "rebase";
  readonly approvals: number;
  readonly changesRequested: boolean;
  readonly upToDate: boolean;
}

/** A change of one ref. The functions are only asked where a rule needs the answer. */
export interface RefUpdate {
  /** `refs/heads/…` or `refs/tags/…` */
  readonly ref: string;
  readonly kind: "creation" | "update" | "deletion";
  readonly fastForward: () => boolean;
  readonly introducesMergeCommit: () => boolean;
  readonly checkPassed: (context: string, integration: number | undefined) => boolean;
  readonly merge?: MergeFacts;
}

export interface Violation {
  readonly ruleset: string;
  readonly rule: Rule["type"];
  readonly message: string;
}

/** GitHub's ids of its repository roles. */
const ROLES: Readonly<Record<number, PermissionLevel>> = { 2: "maintain", 4: "write", 5: "admin" };

function isActor(listed: BypassActor, actor: Actor): boolean {
  switch (listed.actor_type) {
    case "Integration":
      return actor.integration !== undefined && actor.integration === listed.actor_id;
    case "OrganizationAdmin":
      return actor.organizationAdmin;
    case "Team":
      return actor.teams.some((team) => team === listed.actor_id);
    case "RepositoryRole": {
      const role = ROLES[listed.actor_id ?? 0];
      return role !== undefined && actor.integration === undefined && atLeast(actor.level, role);
    }
    case "DeployKey":
      return false;
  }
}

/** Bypass of mode `pull_request` counts for merges only. */
export function bypasses(actors: readonly BypassActor[], actor: Actor, merging: boolean): boolean {
  return actors.some(
    (listed) => (merging || listed.bypass_mode !== "pull_request") && isActor(listed, actor),
  );
}

function nameMatches(
  rule: Extract<Rule, { type: "branch_name_pattern" | "tag_name_pattern" }>,
  name: string,
) {
  const { operator, pattern, negate } = rule.parameters;
  const found = {
    starts_with: () => name.startsWith(pattern),
    ends_with: () => name.endsWith(pattern),
    contains: () => name.includes(pattern),
    regex: () => new RegExp(pattern).test(name),
  }[operator]();
  return found !== negate;
}

function pullRequestProblems(rule: Extract<Rule, { type: "pull_request" }>, update: RefUpdate): string[] {
  const { merge } = update;
  if (merge === undefined) return ["Changes must be made through a pull request."];
  const wanted = rule.parameters;
  const found: string[] = [];
  if (merge.approvals < wanted.required_approving_review_count) {
    const count = wanted.required_approving_review_count;
    found.push(
      `At least ${count} approving review${count === 1 ? " is" : "s are"} required by reviewers with write access.`,
    );
  }
  if (merge.changesRequested) found.push("Changes have been requested.");
  if (wanted.allowed_merge_methods !== undefined && !wanted.allowed_merge_methods.includes(merge.method)) {
    found.push(
      `Merge method ${merge.method} is not allowed: use ${wanted.allowed_merge_methods.join(", ")}.`,
    );
  }
  return found;
}

function statusProblems(
  rule: Extract<Rule, { type: "required_status_checks" }>,
  update: RefUpdate,
): string[] {
  const wanted = rule.parameters;
  if (update.kind === "creation" && wanted.do_not_enforce_on_create) return [];
  const missing = wanted.required_status_checks.filter(
    ({ context, integration_id }) => !update.checkPassed(context, integration_id ?? undefined),
  );
  const total = wanted.required_status_checks.length;
  const found: string[] = [];
  if (missing.length === 1) found.push(`Required status check "${missing[0]?.context}" is expected.`);
  if (missing.length > 1) found.push(`${missing.length} of ${total} required status checks are expected.`);
  if (wanted.strict_required_status_checks_policy && update.merge?.upToDate === false) {
    found.push("Head branch is not up to date with the base branch.");
  }
  return found;
}

/** What a rule says against an update; nothing when it allows it. */
function check(rule: Rule, update: RefUpdate): string[] {
  const deleted = update.kind === "deletion";
  const name = update.ref.replace(/^refs\/(?:heads|tags)\//, "");
  switch (rule.type) {
    case "creation":
      return update.kind === "creation" ? ["Cannot create ref due to creations being restricted."] : [];
    case "update":
      return update.kind === "update" ? ["Cannot update this protected ref."] : [];
    case "deletion":
      return deleted ? ["Cannot delete this protected ref."] : [];
    case "non_fast_forward":
      return update.kind === "update" && !update.fastForward()
        ? ["Cannot force-push to this protected ref."]
        : [];
    case "required_linear_history":
      return !deleted && update.introducesMergeCommit() ? ["This ref must not contain merge commits."] : [];
    case "pull_request":
      return deleted ? [] : pullRequestProblems(rule, update);
    case "required_status_checks":
      return deleted ? [] : statusProblems(rule, update);
    case "branch_name_pattern":
    case "tag_name_pattern":
      if (update.kind !== "creation" || nameMatches(rule, name)) return [];
      return [
        `${name} must ${rule.parameters.negate ? "not " : ""}match: ${rule.parameters.operator} ${rule.parameters.pattern}`,
      ];
    default:
      return [];
  }
}

/** The rulesets that speak about a ref, whoever changes it. */
export function applicable<Set extends RulesetInput>(
  rulesets: readonly Set[],
  ref: string,
  defaultBranch: string,
): Set[] {
  const target = ref.startsWith("refs/tags/") ? "tag" : "branch";
  return rulesets.filter(
    ({ target: wanted, conditions }) =>
      wanted === target &&
      conditions.ref_name !== undefined &&
      matchesRef(ref, conditions.ref_name, defaultBranch),
  );
}

/** Everything that the active rulesets say against an update by this actor. Empty: it is allowed. */
export function evaluate(
  rulesets: readonly RulesetInput[],
  update: RefUpdate,
  actor: Actor,
  defaultBranch: string,
): Violation[] {
  return applicable(rulesets, update.ref, defaultBranch)
    .filter(({ enforcement }) => enforcement === "active")
    .filter(({ bypass_actors }) => !bypasses(bypass_actors, actor, update.merge !== undefined))
    .flatMap((ruleset) =>
      ruleset.rules.flatMap((rule) =>
        check(rule, update).map((message) => ({ ruleset: ruleset.name, rule: rule.type, message })),
      ),
    );
}

/** The lines that git shows after `remote:`, in the words of GitHub. */
export function pushMessage(ref: string, violations: readonly Violation[], rulesUrl: string): string[] {
  return [
    `error: GH013: Repository rule violations found for ${ref}.`,
    `Review all repository rules at ${rulesUrl}`,
    "",
    ...violations.flatMap(({ message }) => [`- ${message}`, ""]),
  ];
}

/** The message of a refused REST call, in the words of GitHub. */
export function restMessage(violations: readonly Violation[]): string {
  return `Repository rule violations found\n\n${violations.map(({ message }) => message).join("\n")}\n\n`;
}
