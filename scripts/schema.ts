import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "../infra/config/json-schema.ts";
import { configReference } from "../infra/config/reference.ts";

/** Writes what is made from the config's schema: the JSON Schema of stack files and the reference of settings. */
const root = join(import.meta.dirname, "..");
const schema = stackFileSchema();
writeFileSync(join(root, "stacks/stack.schema.json"), `${JSON.stringify(schema, undefined, 2)}\n`);
writeFileSync(join(root, "docs/config.md"), configReference(schema));
console.log("wrote stacks/stack.schema.json and docs/config.md");
