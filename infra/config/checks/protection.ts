import { PIPELINE_CHECKS } from "../../../contracts/checks.ts";
import { onlyOnce, repetitions } from "../../../contracts/list.ts";
import { expectedKey } from "../../../contracts/object.ts";
import type { Draft, OrganizationConfig } from "../model.ts";
import { describe, type Path, type Problem, problem, quote, valueAt } from "../problems.ts";
import type { Bypass } from "../protection.ts";
import { found } from "./found.ts";

/** Roles whose reviews count and whose members can merge. */
const WRITERS: ReadonlySet<string> = new Set(["push", "maintain", "admin"]);

/** A ruleset that nobody can satisfy blocks every repository of the organization at once. */
export function checkProtection(draft: Draft): Problem[] {
  const { protection, organization } = draft;
  return [
    ...checkRequiredChecks(protection),
    ...checkApprovals(draft),
    ...checkBypass(protection, organization),
    ...checkOwnWrites(draft),
  ];
}

type Protection = Draft["protection"];
type Organization = Draft["organization"];

function checkRequiredChecks({ requiredChecks, externalChecks }: Protection): Problem[] {
  const required = ["protection", "requiredChecks"];
  const external = ["protection", "externalChecks"];
  const problems = [
    ...repeatedItems(required, requiredChecks ?? []),
    ...repeatedItems(external, externalChecks ?? []),
  ];
  for (const [index, check] of (externalChecks ?? []).entries()) {
    if (!PIPELINE_CHECKS.includes(check)) continue;
    problems.push(problem([...external, index], quote(check), "no check that this pipeline reports itself"));
  }
  if (requiredChecks === undefined || externalChecks === undefined) return problems;
  const reported = [...new Set([...PIPELINE_CHECKS, ...externalChecks])];
  for (const [index, check] of requiredChecks.entries()) {
    if (reported.includes(check)) continue;
    const expected = `a check that is reported, ${expectedKey(check, reported)} — one from elsewhere goes into externalChecks too`;
    problems.push(problem([...required, index], quote(check), expected));
  }
  return problems;
}

function repeatedItems(path: Path, items: readonly string[]): Problem[] {
  return repetitions(items).map((repetition) => {
    const { index } = repetition;
    return problem([...path, index], describe(items[index]), onlyOnce(repetition));
  });
}

function checkApprovals(draft: Draft): Problem[] {
  const { approvals } = draft.protection;
  const { teams } = draft.organization;
  if (approvals === undefined || approvals === 0 || teams === undefined) return [];
  if (Object.values(teams).some((permission) => WRITERS.has(permission))) return [];
  const path = ["protection", "approvals"];
  const expected =
    "0, or a team in hypriotos:organization.teams with push, maintain or admin: no other review counts";
  return [problem(path, found(draft, path, approvals), expected)];
}

function checkBypass({ bypass = [] }: Protection, { teams }: Organization): Problem[] {
  const path = ["protection", "bypass"];
  const repeated = repeatedItems(path, bypass.map(identity));
  if (teams === undefined) return repeated;
  const strangers = bypass.flatMap((actor, index) => {
    if (actor.kind !== "team") return [];
    const expected = expectedTeam(actor.team, teams);
    return expected === undefined ? [] : [problem([...path, index, "team"], quote(actor.team), expected)];
  });
  return [...repeated, ...strangers];
}

/** The program keeps managed files on the protected branch up to date, and has no one to review them. */
function checkOwnWrites({ protection, raw }: Draft): Problem[] {
  const { bypass } = protection;
  // Wrong in itself, or the App's, which is right.
  if (bypass === undefined || bypass.some(({ mode }) => mode === "always")) return [];
  const given = valueAt(raw.get("protection"), ["bypass"]);
  const expected = "an actor with mode always: the program itself writes board.json to the protected branch";
  return [problem(["protection", "bypass"], describe(given), expected)];
}

/** Undefined where the team is right. */
function expectedTeam(team: string, teams: OrganizationConfig["teams"]): string | undefined {
  const permission = Object.hasOwn(teams, team) ? teams[team] : undefined;
  if (permission === undefined) {
    return `a team in hypriotos:organization.teams: ${Object.keys(teams).sort().join(", ") || "there is none"}`;
  }
  if (WRITERS.has(permission)) return undefined;
  return `a team with push, maintain or admin: this one has ${permission} and can merge nothing`;
}

function identity(actor: Bypass): string {
  if (actor.kind === "app") return `app ${actor.id}`;
  return actor.kind === "team" ? `team ${actor.team}` : actor.kind;
}
