import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { StackClaims } from "./model.ts";
import { stackClaims } from "./parse.ts";
import { isMapping } from "./problems.ts";

/** A stack file of this size is no stack file, and parsing it takes longer than anybody waits. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

/** Aliases share what they name and cost nothing; a stack of many equal boards has many. */
const NO_LIMIT = -1;

/**
 * What stands under `config:` in a stack file. An empty file is an empty configuration, as it is for the engine.
 * @throws Error where the text is no YAML, or no mapping.
 */
export function stackFileConfig(text: string): Readonly<Record<string, unknown>> {
  if (text.length > MAXIMUM_BYTES) throw new Error("the file is larger than 16 MiB");
  const file: unknown = parse(text, { maxAliasCount: NO_LIMIT }) ?? {};
  if (!isMapping(file)) throw new Error("the file is no mapping");
  const config = file.config ?? {};
  if (!isMapping(config)) throw new Error("config: is no mapping");
  return config;
}

/** Stack name → path of its file. None where the folder is missing. */
export function stackFiles(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return new Map(names.sort().map((stack) => [stack, join(folder, `Pulumi.${stack}.yaml`)]));
}

/** What the stacks beside `stack` keep for themselves. A file that cannot be read is its own stack's problem. */
export function neighbourClaims(folder: string, stack: string): readonly StackClaims[] {
  return [...stackFiles(folder)].flatMap(([other, path]) => {
    if (other === stack) return [];
    try {
      return [stackClaims(stackFileConfig(readFileSync(path, "utf8")), other)];
    } catch {
      return [];
    }
  });
}
