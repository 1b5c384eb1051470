import { POLICY_DOCUMENTS } from "../policies/rules/access.ts";
import { policyStatements } from "../policies/rules/statements.ts";
import { isUnknown, type Properties } from "./values.ts";

/** One thing that somebody may do, or must not. */
export interface Grant {
  readonly effect: string;
  /** `role hypriot-local-dispatch`, `lambda.amazonaws.com`, `everybody`. */
  readonly who: string;
  readonly action: string;
  readonly on: string;
  /** The condition as JSON; empty where there is none. */
  readonly condition: string;
}

/** The policy document of a resource: nothing for a type that has none, `unknown` where only an update finds it out. */
export function policyDocumentOf(type: string, props: Properties): string | "unknown" | undefined {
  const property = POLICY_DOCUMENTS[type];
  if (property === undefined) return undefined;
  const document = props[property];
  return isUnknown(document) ? "unknown" : String(document ?? "");
}

/** Who a policy without principals is about, or what one with principals is on. */
function owner(type: string, props: Properties): string {
  const of = (noun: string, name: unknown) =>
    `${noun} ${isUnknown(name) ? "(known after apply)" : String(name)}`;
  if (type.endsWith(":RolePolicy")) return of("role", props.role);
  if (type.endsWith(":UserPolicy")) return of("user", props.user);
  if (type.endsWith(":Role")) return of("role", props.name);
  return "";
}

/** What the statements of a resource's policy document allow and refuse, one by one. */
export function grantsOf(type: string, props: Properties): readonly Grant[] {
  const document = policyDocumentOf(type, props);
  if (document === undefined || document === "unknown") return [];
  const own = owner(type, props);
  return policyStatements(document).flatMap(({ effect, principals, actions, resources, condition }) => {
    const whos =
      principals.length === 0
        ? [own]
        : principals.map((name) => (name === "*" ? "everybody" : name.replace(/^(AWS|Service):/, "")));
    const ons = resources.length === 0 ? [own] : resources;
    const text = Object.keys(condition).length === 0 ? "" : JSON.stringify(condition);
    return whos.flatMap((who) =>
      actions.flatMap((action) => ons.map((on) => ({ effect, who, action, on, condition: text }))),
    );
  });
}

/** Whether a name with `*` and `?` in it stands for another one. */
function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(name);
}

function includes(wide: Grant, narrow: Grant): boolean {
  return (
    wide.effect === narrow.effect &&
    (wide.who === narrow.who || wide.who === "everybody") &&
    covers(wide.action, narrow.action) &&
    covers(wide.on, narrow.on) &&
    (wide.condition === "" || wide.condition === narrow.condition)
  );
}

/** What of `grants` nothing in `others` includes. */
export function notIn(grants: readonly Grant[], others: readonly Grant[]): readonly Grant[] {
  return grants.filter((grant) => !others.some((other) => includes(other, grant)));
}
