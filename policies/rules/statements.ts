import { list, record, texts } from "./values.ts";

/** A statement of a policy document, its lists as lists. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: string;
  /** `*`, or `AWS:<arn>`, `Service:<name>`. Empty in a policy of an identity. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** Actions, resources or principals that are named by what they are not: anything else is meant. */
  readonly inverted: boolean;
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

/** The statements of a policy document, JSON text. Text that is none has none. */
export function policyStatements(document: unknown): readonly PolicyStatement[] {
  if (typeof document !== "string") return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return [];
  }
  return list(record(parsed).Statement).map((value, index) => {
    const statement = record(value);
    return {
      sid: typeof statement.Sid === "string" ? statement.Sid : `#${index + 1}`,
      effect: String(statement.Effect),
      principals: principals(statement.Principal),
      actions: texts(statement.Action),
      inverted: ["NotAction", "NotResource", "NotPrincipal"].some((key) => statement[key] !== undefined),
      resources: texts(statement.Resource),
      condition: record(statement.Condition),
    };
  });
}

function principals(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Object.entries(record(value)).flatMap(([kind, names]) =>
    texts(names).map((name) => (name === "*" ? "*" : `${kind}:${name}`)),
  );
}

/** Refuses everybody who does not come over TLS. */
export function demandsTls(statement: PolicyStatement): boolean {
  const secure = record(statement.condition.Bool)["aws:SecureTransport"];
  return statement.effect === "Deny" && statement.principals.includes("*") && texts(secure).includes("false");
}

/** Lets everybody read the lists of downloads (`artifacts.publicDownloads`), and nothing else. */
export function opensDownloads({ effect, actions, resources, inverted }: PolicyStatement): boolean {
  return (
    effect === "Allow" &&
    !inverted &&
    actions.every((action) => action === "s3:GetObject") &&
    resources.length > 0 &&
    resources.every((resource) => resource.endsWith("/downloads/*"))
  );
}
