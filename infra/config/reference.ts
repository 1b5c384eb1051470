import type { JsonSchema } from "./json-schema.ts";

interface Row {
  readonly path: string;
  readonly type: string;
  readonly preset: string;
  readonly meaning: string;
}

/** A reference of every setting as Markdown, from the JSON Schema of stack files. */
export function configReference(schema: JsonSchema): string {
  const { properties = {}, required = [] } = schema.properties?.config ?? {};
  const sections = Object.entries(properties).map(([key, section]) => {
    const rows = isSecret(section) ? [] : settingRows(section, "", true);
    const need = required.includes(key) ? "Required." : "May be left out.";
    return [`## \`${key}\``, `${section.description ?? ""} ${need}`, table(rows)]
      .filter((part) => part !== "")
      .join("\n\n");
  });
  return `${[HEADING, ...sections].join("\n\n")}\n`;
}

/** The table of everything that a schema's mapping may have. */
export function settingsTable(schema: JsonSchema): string {
  return table(settingRows(schema, "", true));
}

function isSecret({ properties }: JsonSchema): boolean {
  return properties !== undefined && "secure" in properties;
}

const HEADING = `# Settings of a stack

<!-- Made by \`npm run schema\` from infra/config/schema.ts. Changes here are lost. -->

Every setting that a stack file (\`stacks/Pulumi.<stack>.yaml\`) may have. \`<name>\` stands for a name that you choose.
Everything wrong in a stack file is reported at once, before any resource is touched.`;

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ({ path, type, preset, meaning }) => `| \`${path}\` | ${type} | ${preset} | ${meaning} |`,
  );
  return ["| setting | type | default | meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function settingRows(schema: JsonSchema, path: string, optional: boolean): Row[] {
  const variants = schema.oneOf;
  if (variants?.every(({ properties }) => properties !== undefined)) {
    return variants.flatMap((variant) => settingRows(variant, path, optional));
  }
  const { properties, additionalProperties, items } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([key, property]) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return settingRows(property, inner, !(schema.required ?? []).includes(key));
    });
  }
  if (typeof additionalProperties === "object") {
    const inner = path === "" ? "<name>" : `${path}.<name>`;
    const entries = settingRows(additionalProperties, inner, true);
    return additionalProperties.properties || additionalProperties.oneOf
      ? entries
      : [row(schema, inner, optional)];
  }
  if (items?.properties !== undefined || items?.oneOf !== undefined) {
    return [row(schema, path, optional), ...settingRows(items, `${path}[]`, true)];
  }
  return [row(schema, path, optional)];
}

function row(schema: JsonSchema, path: string, optional: boolean): Row {
  return {
    path,
    type: typeName(schema),
    preset:
      schema.default === undefined ? (optional ? "–" : "required") : `\`${JSON.stringify(schema.default)}\``,
    meaning: (schema.description ?? "").replaceAll(/[|<]/g, "\\$&"),
  };
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(" or ");
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`;
  if (typeof schema.additionalProperties === "object") return typeName(schema.additionalProperties);
  if (schema.type === "number") return `number${range(schema)}`;
  if (schema.type === "integer") return `whole number${range(schema)}`;
  if (schema.type === "boolean") return "true or false";
  return schema.type === "string" ? "text" : "mapping";
}

function range({ minimum, maximum }: JsonSchema): string {
  if (typeof minimum !== "number" || typeof maximum !== "number") return "";
  return maximum === Number.MAX_SAFE_INTEGER ? `, at least ${minimum}` : `, ${minimum} to ${maximum}`;
}
