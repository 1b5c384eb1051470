import { PIPELINE_CHECKS } from "../../../contracts/checks.ts";
import { expectedKey } from "../../../contracts/object.ts";
import type { Draft, OrganizationConfig, ProtectionConfig } from "../model.ts";
import { describe, type Problem, problem, quote } from "../problems.ts";
import type { Bypass } from "../protection.ts";
import { checkRepeated } from "./repeated.ts";

/** Roles whose reviews count and whose members can merge. */
const WRITERS: ReadonlySet<string> = new Set(["push", "maintain", "admin"]);

/** A ruleset that nobody can satisfy blocks every repository of the organization at once. */
export function checkProtection({ protection, organization }: Draft): Problem[] {
  if (protection === undefined) return [];
  const own = checkRequiredChecks(protection);
  if (organization === undefined) return own;
  return [...own, ...checkApprovals(protection, organization), ...checkBypass(protection, organization)];
}

function checkRequiredChecks({ requiredChecks, externalChecks }: ProtectionConfig): Problem[] {
  const reported = [...PIPELINE_CHECKS, ...externalChecks];
  return [
    ...checkRepeated(["protection", "requiredChecks"], requiredChecks),
    ...checkRepeated(["protection", "externalChecks"], externalChecks),
    ...requiredChecks.flatMap((check, index) =>
      reported.includes(check)
        ? []
        : [
            problem(
              ["protection", "requiredChecks", index],
              quote(check),
              `a check that is reported, ${expectedKey(check, reported)} — one from elsewhere goes into externalChecks too`,
            ),
          ],
    ),
    ...externalChecks.flatMap((check, index) =>
      PIPELINE_CHECKS.includes(check)
        ? [
            problem(
              ["protection", "externalChecks", index],
              quote(check),
              "no check that this pipeline reports itself",
            ),
          ]
        : [],
    ),
  ];
}

function checkApprovals({ approvals }: ProtectionConfig, { teams }: OrganizationConfig): Problem[] {
  if (approvals === 0 || Object.values(teams).some((permission) => WRITERS.has(permission))) return [];
  return [
    problem(
      ["protection", "approvals"],
      describe(approvals),
      "0, or a team in hypriotos:organization.teams with push, maintain or admin: no other review counts",
    ),
  ];
}

function checkBypass({ bypass }: ProtectionConfig, { teams }: OrganizationConfig): Problem[] {
  const seen = new Map<string, number>();
  return bypass.flatMap((actor, index) => {
    const path = ["protection", "bypass", index];
    const earlier = seen.get(identity(actor));
    if (earlier !== undefined) {
      return [problem(path, actorName(actor), `each actor once: it is item ${earlier} already`)];
    }
    seen.set(identity(actor), index);
    if (actor.kind !== "team") return [];
    const permission = Object.hasOwn(teams, actor.team) ? teams[actor.team] : undefined;
    if (permission === undefined) {
      const expected = `a team in hypriotos:organization.teams: ${Object.keys(teams).join(", ") || "there is none"}`;
      return [problem([...path, "team"], quote(actor.team), expected)];
    }
    if (WRITERS.has(permission)) return [];
    const expected = `a team with push, maintain or admin: this one has ${permission} and can merge nothing`;
    return [problem([...path, "team"], quote(actor.team), expected)];
  });
}

function identity(actor: Bypass): string {
  if (actor.kind === "app") return `app ${actor.id}`;
  return actor.kind === "team" ? `team ${actor.team}` : actor.kind;
}

function actorName(actor: Bypass): string {
  if (actor.kind === "app") return `the app ${actor.id}`;
  return actor.kind === "team" ? `the team ${quote(actor.team)}` : "the organization's admins";
}
