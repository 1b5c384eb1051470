import type { Change } from "./changes.ts";
import { type Grant, grantsOf, notIn, policyDocumentOf } from "./grants.ts";
import type { Risk, Unchecked } from "./risk.ts";
import { code, listed } from "./text.ts";
import { label } from "./urn.ts";

const MOST_NAMES = 8;

interface Group {
  readonly who: string;
  readonly actions: string[];
  readonly on: string;
  readonly condition: string;
}

/** The same rights on the same things in one line. */
function grouped(grants: readonly Grant[]): readonly Group[] {
  const byPlace = new Map<string, Group>();
  for (const { who, action, on, condition } of grants) {
    const key = JSON.stringify([who, on, condition]);
    const group = byPlace.get(key) ?? { who, actions: [], on, condition };
    group.actions.push(action);
    byPlace.set(key, group);
  }
  const byRight = new Map<string, Group & { readonly ons: string[] }>();
  for (const group of byPlace.values()) {
    const key = JSON.stringify([group.who, group.actions, group.condition]);
    const found = byRight.get(key);
    if (found === undefined) byRight.set(key, { ...group, ons: [group.on] });
    else found.ons.push(group.on);
  }
  return [...byRight.values()].map(({ ons, ...group }) => ({
    ...group,
    on: listed(
      ons.map((on) => code(on)),
      MOST_NAMES,
    ),
  }));
}

function gain({ who, actions, on, condition }: Group): string {
  if (actions.length === 1 && actions[0] === "sts:AssumeRole") {
    return `${code(who)} may act as ${on}${condition === "" ? "" : ` if ${code(condition)}`}`;
  }
  const rights = listed(
    actions.map((action) => code(action)),
    MOST_NAMES,
  );
  return `${code(who)} gains ${rights} on ${on}${condition === "" ? "" : ` if ${code(condition)}`}`;
}

function freedRisk({ urn }: Change, { who, actions, on, condition }: Group): Risk {
  const rights = listed(
    actions.map((action) => code(action)),
    MOST_NAMES,
  );
  const where = code(label(urn));
  if (condition.includes("aws:SecureTransport")) {
    return {
      kind: "encryption",
      severity: "high",
      urn,
      what: `${rights} on ${on} is no longer refused without TLS`,
      where,
    };
  }
  const when = condition === "" ? "" : ` if ${code(condition)}`;
  return {
    kind: "access",
    severity: "high",
    urn,
    what: `${code(who)} is no longer refused ${rights} on ${on}${when}`,
    where,
  };
}

/** IAM and resource policies: who gains what on what, and what is refused no more. */
export function accessRisks(change: Change): readonly Risk[] {
  const { type, urn, action } = change;
  if (policyDocumentOf(type, change.new) === undefined || change.whole === "deleted") return [];
  const before = grantsOf(type, change.old);
  const after = action === "delete" ? [] : grantsOf(type, change.new);
  // Unknown is not nothing: what it allows is told as not checked.
  const known = action === "delete" || policyDocumentOf(type, change.new) !== "unknown";
  const allows = (grants: readonly Grant[]) => grants.filter(({ effect }) => effect === "Allow");
  const denies = (grants: readonly Grant[]) => grants.filter(({ effect }) => effect === "Deny");
  const gains = grouped(notIn(allows(after), allows(before)));
  const freed = known ? grouped(notIn(denies(before), denies(after))) : [];
  return [
    ...gains.map(
      (group): Risk => ({
        kind: "access",
        severity:
          action === "create" && !group.on.includes("`*`") && group.who !== "everybody" ? "medium" : "high",
        urn,
        what: gain(group),
        where: code(label(urn)),
      }),
    ),
    ...freed.map((group) => freedRisk(change, group)),
  ];
}

/** A policy that only an update writes. */
export function uncheckedAccess({ type, urn, action, ...change }: Change): readonly Unchecked[] {
  if (action === "delete" || policyDocumentOf(type, change.new) !== "unknown") return [];
  return [
    {
      urn,
      what: "who gains what",
      where: code(label(urn)),
      reason: "the document is known after apply, since it names what is made or replaced",
    },
  ];
}

const TEAM_RANKS = ["pull", "triage", "push", "maintain", "admin"];

/** Teams' rights on repositories that are there already. */
export function teamRisks({ type, urn, action, whole, old, new: young }: Change): readonly Risk[] {
  if (type !== "github:index/teamRepository:TeamRepository" || action === "delete" || whole === "created")
    return [];
  const rank = (permission: unknown) => TEAM_RANKS.indexOf(String(permission));
  if (action !== "create" && rank(young.permission) <= rank(old.permission)) return [];
  const from = action === "create" ? "" : ` (had ${code(String(old.permission))})`;
  return [
    {
      kind: "access",
      severity: young.permission === "admin" || young.permission === "maintain" ? "high" : "medium",
      urn,
      what: `team ${code(String(young.teamId))} gains ${code(String(young.permission))}${from}`,
      where: code(String(young.repository)),
    },
  ];
}

/** Who may invoke a function. */
export function invokeRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (type !== "aws:lambda/permission:Permission" || action === "delete") return [];
  const same = ["principal", "action", "sourceArn", "functionUrlAuthType", "invokedViaFunctionUrl"].every(
    (key) => JSON.stringify(old[key]) === JSON.stringify(young[key]),
  );
  if (same) return [];
  const everybody = young.principal === "*";
  // Another source in the place of the one before is no wider; none is.
  const widened = action === "create" || old.principal !== young.principal || young.sourceArn === undefined;
  if (!widened) return [];
  return [
    {
      kind: everybody ? "public" : "access",
      severity: everybody ? "high" : "medium",
      urn,
      what: `${everybody ? "everybody" : code(String(young.principal))} gains ${code(String(young.action))}`,
      where: code(label(urn)),
    },
  ];
}
