import type { Change } from "./changes.ts";
import type { Risk } from "./risk.ts";
import { code } from "./text.ts";
import { label } from "./urn.ts";
import { asList, at, isUnknown, type Properties } from "./values.ts";

const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
/** Rules of a ruleset that are on or off, with what goes when they are off. */
const FLAGS = [
  [["deletion"], "it may be deleted"],
  [["nonFastForward"], "it may be overwritten"],
  [["update"], "it may be moved"],
  [["pullRequest", "dismissStaleReviewsOnPush"], "a review counts for what is pushed after it"],
  [["pullRequest", "requireLastPushApproval"], "who pushed last may approve"],
  [["pullRequest", "requiredReviewThreadResolution"], "open review threads do not hold a merge back"],
  [["requiredStatusChecks", "strictRequiredStatusChecksPolicy"], "a pull request need not be up to date"],
] as const;

const checksOf = (props: Properties) =>
  asList(at(props, "rules", "requiredStatusChecks", "requiredChecks")).map((check) =>
    String(at(check, "context")),
  );

/** Rulesets that ask for less. */
export function protectionRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (type !== RULESET || (action !== "update" && action !== "replace")) return [];
  const risk = (what: string): Risk => ({
    kind: "protection",
    severity: "high",
    urn,
    what,
    where: code(label(urn)),
  });
  const risks: Risk[] = [];
  if (old.enforcement === "active" && young.enforcement !== "active") {
    risks.push(risk(`enforcement: ${code("active")} → ${code(String(young.enforcement))}`));
  }
  const hadPullRequest = at(old, "rules", "pullRequest") !== undefined;
  if (hadPullRequest && at(young, "rules", "pullRequest") === undefined)
    risks.push(risk("no pull request is needed"));
  for (const [path, says] of FLAGS) {
    if (at(old, "rules", ...path) === true && at(young, "rules", ...path) !== true) risks.push(risk(says));
  }
  const reviews = (props: Properties) =>
    Number(at(props, "rules", "pullRequest", "requiredApprovingReviewCount") ?? 0);
  if (reviews(young) < reviews(old)) {
    risks.push(risk(`reviews that approve: ${reviews(old)} → ${reviews(young)}`));
  }
  const left = new Set(checksOf(young));
  for (const check of checksOf(old)) {
    if (!left.has(check)) risks.push(risk(`the check ${code(check)} is no longer required`));
  }
  const refs = (props: Properties, key: string) =>
    JSON.stringify(at(props, "conditions", "refName", key) ?? []);
  for (const key of ["includes", "excludes"]) {
    if (refs(old, key) !== refs(young, key)) {
      risks.push(risk(`what it is for (${key}): ${code(refs(old, key))} → ${code(refs(young, key))}`));
    }
  }
  return risks;
}

interface Actor {
  readonly name: string;
  readonly mode: string;
}

const actorsOf = (props: Properties): readonly Actor[] =>
  asList(props.bypassActors).map((actor) => ({
    name: `${String(at(actor, "actorType"))} ${isUnknown(at(actor, "actorId")) ? "(known after apply)" : String(at(actor, "actorId"))}`,
    mode: String(at(actor, "bypassMode")),
  }));

/** Who may pass a ruleset, and could not before. */
export function bypassRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (type !== RULESET || (action !== "update" && action !== "replace")) return [];
  const before = new Map(actorsOf(old).map(({ name, mode }) => [name, mode]));
  return actorsOf(young).flatMap(({ name, mode }) => {
    const had = before.get(name);
    if (had === "always" || had === mode) return [];
    const from = had === undefined ? "" : ` (had ${code(had)})`;
    return {
      kind: "bypass",
      severity: "high",
      urn,
      what: `${code(name)} may pass: ${code(mode)}${from}`,
      where: code(label(urn)),
    } satisfies Risk;
  });
}

const origin = (url: unknown): string | undefined =>
  typeof url === "string" && URL.canParse(url) ? new URL(url).origin : undefined;

/** Another host gets what is pushed. Only the host is told: a path may hold a key. */
export function webhookRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (!type.endsWith(":RepositoryWebhook") || (action !== "update" && action !== "replace")) return [];
  const [from, to] = [origin(at(old, "configuration", "url")), origin(at(young, "configuration", "url"))];
  if (from === undefined || to === undefined || from === to) return [];
  const where = code(label(urn));
  const moved: Risk = { kind: "webhook", severity: "high", urn, what: `${code(from)} → ${code(to)}`, where };
  return from.startsWith("https:") && !to.startsWith("https:")
    ? [moved, { ...moved, kind: "encryption", what: "deliveries are no longer encrypted" }]
    : [moved];
}
