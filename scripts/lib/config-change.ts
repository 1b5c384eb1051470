import { createHash } from "node:crypto";
import { parse } from "yaml";
import type { ReadStackFile } from "../../audit/config-change.ts";
import { SECTIONS } from "../../infra/config/schema.ts";
import { checkStackFile } from "./stack-check.ts";

/** A stack file that is anybody's: read as data, refused with every reason. `root` is the trusted work tree. */
export function readUntrusted(root: string, stack: string, text: string): ReadStackFile {
  try {
    return { config: checkStackFile(root, stack, text) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refusal: error.message };
  }
}

/** What else stands in a stack file. Secrets are told apart by a digest of how they are encrypted. */
export function besideSettings(text: string): Readonly<Record<string, unknown>> {
  let file: unknown;
  try {
    file = parse(text);
  } catch {
    return {};
  }
  if (!isMapping(file)) return {};
  const { config, ...rest } = file;
  const own = new Set(Object.keys(SECTIONS).map((section) => `hypriotos:${section}`));
  const others = Object.entries(isMapping(config) ? config : {}).filter(([key]) => !own.has(key));
  return Object.fromEntries(
    [...others, ...Object.entries(rest)].map(([key, value]) => [
      key,
      isMapping(value) && typeof value.secure === "string" ? `a secret (${digest(value.secure)})` : value,
    ]),
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
