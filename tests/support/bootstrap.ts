import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FILE = join(import.meta.dirname, "../../bootstrap/aws.yaml");

/** What CloudFormation puts in the place of parameters. */
export interface Parameters {
  readonly prefix: string;
  readonly stack: string;
  readonly region: string;
  readonly account: string;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

/** The template's resources, as far as they are of AWS's own form, with parameters filled in. */
export function bootstrapResources(parameters: Parameters): Readonly<Record<string, unknown>> {
  const { Resources } = parse(readFileSync(FILE, "utf8"));
  return resolved(Resources, parameters) as Readonly<Record<string, unknown>>;
}

/** The document of one of the template's managed policies. */
export function bootstrapPolicy(name: "ReadPolicy" | "WritePolicy", parameters: Parameters): PolicyDocument {
  const resource = bootstrapResources(parameters)[name];
  return (resource as { Properties: { PolicyDocument: PolicyDocument } }).Properties.PolicyDocument;
}

function resolved(value: unknown, parameters: Parameters): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, parameters));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const [key, inner] = first;
    if (key === "Fn::Sub" && typeof inner === "string") return substituted(inner, parameters);
    if (key === "Ref" && inner === "Stack") return parameters.stack;
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, resolved(inner, parameters)]));
}

function substituted(text: string, { prefix, stack, region, account }: Parameters): string {
  const values: Readonly<Record<string, string>> = {
    Prefix: prefix,
    Stack: stack,
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::AccountId": account,
  };
  return text.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
