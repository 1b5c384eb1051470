import type { Finding, RuleSettings } from "./rules/rule.ts";

/** A violation that the stack file allows for a while. */
export interface Exception {
  /** The resource's name in the program with its type before it: `aws:sqs/queue:Queue::build-arm64`. */
  readonly resource: string;
  readonly reason: string;
  /** The last day, `2027-01-31`, in UTC. */
  readonly expires: string;
}

/** What a rule is given through the engine's policy config. */
export interface RuleConfig extends RuleSettings {
  readonly exceptions: readonly Exception[];
}

/** `<type>::<name>` of a URN: a type without its parents'. */
export function resourceName(urn: string): string {
  const [, , chain = "", name = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${chain.split("$").at(-1)}::${name}`;
}

/**
 * What is left of a finding: nothing where an exception allows it, a longer message where the exception is over.
 *
 * @param today the day in UTC, `2027-01-31`
 */
export function afterExceptions(
  { urn, message }: Finding,
  exceptions: readonly Exception[],
  today: string,
): string | undefined {
  const own = exceptions.filter(({ resource }) => resource === resourceName(urn));
  if (own.some(({ expires }) => expires >= today)) return undefined;
  const [expired] = own;
  return expired === undefined
    ? message
    : `${message} (the exception ended on ${expired.expires}; its reason was: ${expired.reason})`;
}
