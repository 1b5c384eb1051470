import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "../infra/config/json-schema.ts";
import { configReference } from "../infra/config/reference.ts";
import { policiesReference } from "../policies/reference.ts";

import { contractsReference } from "./lib/contracts-reference.ts";

/** Writes what is made from schemas: the JSON Schema of stack files, the references of settings and of contracts. */
const root = join(import.meta.dirname, "..");
const schema = stackFileSchema();
writeFileSync(join(root, "stacks/stack.schema.json"), `${JSON.stringify(schema, undefined, 2)}\n`);
writeFileSync(join(root, "docs/config.md"), configReference(schema));
writeFileSync(join(root, "docs/contracts.md"), contractsReference());
writeFileSync(join(root, "docs/policies.md"), policiesReference());
console.log("wrote stacks/stack.schema.json, docs/config.md, docs/contracts.md and docs/policies.md");
