import { z } from "zod";
import { NAMESPACE } from "./problems.ts";
import { SECRET_KEYS, SECTIONS } from "./schema.ts";

/** As much of a JSON Schema (draft 7) as ours have. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const SECRET_VALUE = {
  type: "object",
  properties: { secure: { type: "string", description: "The encrypted value. Written by the Pulumi CLI." } },
  required: ["secure"],
  additionalProperties: false,
} as const;

/** What the engine itself keeps in a stack file beside `config`. */
const ENGINE_PROPERTIES = {
  secretsprovider: { type: "string", description: "What encrypts the stack's secrets." },
  encryptedkey: { type: "string", description: "The encrypted data key of the secrets provider." },
  encryptionsalt: { type: "string", description: "Salt of the passphrase." },
  environment: { description: "Pulumi ESC environments that the configuration is merged with." },
} as const;

/**
 * The JSON Schema of a whole stack file, for completion and checks in an editor. It knows each setting by itself;
 * what settings mean together is checked by the program only.
 */
export function stackFileSchema(): JsonSchema {
  const sections = Object.entries(SECTIONS).map(([name, schema]) => [
    `${NAMESPACE}:${name}`,
    sectionSchema(schema),
  ]);
  const secrets = Object.entries(SECRET_KEYS).map(([name, description]) => [
    `${NAMESPACE}:${name}`,
    { ...SECRET_VALUE, description },
  ]);
  const required = Object.entries(SECTIONS)
    .filter(([, schema]) => !schema.safeParse(undefined).success)
    .map(([name]) => `${NAMESPACE}:${name}`);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack of the HypriotOS release pipeline",
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "The stack's configuration.",
        properties: Object.fromEntries([...sections, ...secrets]),
        // Other namespaces are other programs' or providers' own.
        patternProperties: { [`^(?!${NAMESPACE}:)[^:]+:`]: {} },
        additionalProperties: false,
        required,
      },
      ...ENGINE_PROPERTIES,
    },
    required: ["config"],
    additionalProperties: false,
  };
}

function sectionSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return own as JsonSchema;
}
