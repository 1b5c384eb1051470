import { resourceName } from "../policies/exceptions.ts";
import { RULES } from "../policies/rules/all.ts";
import { repositoriesKept } from "../policies/rules/github.ts";
import type { Change } from "./changes.ts";
import type { PolicyEvent } from "./events.ts";
import { lossOf } from "./losses.ts";
import type { Unchecked } from "./risk.ts";
import { code, plain } from "./text.ts";
import { label, typeOf } from "./urn.ts";

/** One policy with all that violates it. */
export interface PolicyResult {
  readonly name: string;
  /** `mandatory` stops an `up`. */
  readonly level: string;
  readonly severity: string;
  readonly description: string;
  readonly reason: string;
  readonly fix: string;
  readonly violations: readonly { readonly urn: string; readonly message: string }[];
}

/** How the policy SDK says that a rule met a value that is not known yet. */
const UNKNOWN = /can't run policy '.*?' from policy pack '.*?' during preview: (.*)$/s;

/** Levels that the stack file sets, by policy: others are as the rule says. */
export type Levels = Readonly<Record<string, string>>;

const SEVERITIES = ["critical", "high", "medium", "low"];

/** The violations by policy, the most severe first. */
export function policyResults(
  events: readonly PolicyEvent[],
  changes: readonly Change[],
  levels: Levels,
): readonly PolicyResult[] {
  const told = events
    .filter(({ message }) => !UNKNOWN.test(message))
    .map(({ policyName, enforcementLevel, severity, resourceUrn, message }) => ({
      name: policyName,
      level: enforcementLevel,
      severity: severity ?? "medium",
      urn: resourceUrn,
      message: ownMessage(policyName, message),
    }));
  // Policies see what a program asks for; what it asks for no more, only a preview shows.
  const deleted = changes.filter(isRepositoryDelete).map(({ urn }) => ({
    name: repositoriesKept.name,
    level: levels[repositoriesKept.name] ?? repositoriesKept.level,
    severity: repositoriesKept.severity as string,
    urn,
    message: "the repository would be deleted with all that is in it",
  }));
  const all = [...told, ...deleted];
  const names = [...new Set(all.map(({ name }) => name))];
  return names
    .map((name): PolicyResult => {
      const own = all.filter((violation) => violation.name === name);
      const rule = RULES.find((known) => known.name === name);
      return {
        name,
        level: own.some(({ level }) => level === "mandatory") ? "mandatory" : "advisory",
        severity: own[0]?.severity ?? "medium",
        description: rule?.description ?? "",
        reason: rule?.reason ?? "",
        fix: rule?.fix ?? "",
        violations: own.map(({ urn, message }) => ({ urn, message })),
      };
    })
    .sort((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name));
}

const weight = ({ level, severity }: PolicyResult) =>
  (level === "mandatory" ? 0 : 10) + SEVERITIES.indexOf(severity);

function isRepositoryDelete(change: Change): boolean {
  const isRepository = change.type === "github:index/repository:Repository" && change.old.isTemplate !== true;
  return (
    isRepository &&
    (change.action === "delete" || change.action === "replace") &&
    lossOf(change)?.kept !== true
  );
}

/** The engine's message is the policy's description and, on a line of its own, what was found. */
function ownMessage(name: string, message: string): string {
  const description = RULES.find((rule) => rule.name === name)?.description;
  const lines = message.trim().split("\n");
  const own = description !== undefined && lines[0]?.startsWith(description) ? lines.slice(1) : lines;
  return plain(own.join(" ").trim() || "violates it");
}

/** The policies that met a value which only an update finds out: the engine lets those pass as advice. */
export function uncheckedPolicies(events: readonly PolicyEvent[]): readonly Unchecked[] {
  return events.flatMap(({ policyName, resourceUrn, message }) => {
    const unknown = UNKNOWN.exec(message.trim())?.[1];
    if (unknown === undefined) return [];
    const path = /value at (\S+) can't/.exec(unknown)?.[1]?.replace(/^\./, "");
    return {
      urn: resourceUrn,
      what: `policy ${code(policyName)}`,
      where:
        resourceUrn === "" || typeOf(resourceUrn) === "pulumi:pulumi:Stack"
          ? "the stack"
          : code(label(resourceUrn)),
      reason: path === undefined ? plain(unknown) : `${code(path)} is known after apply`,
    };
  });
}

/** How the stack file names a resource that it makes an exception for. */
export const exceptionName = (urn: string): string => resourceName(urn);
