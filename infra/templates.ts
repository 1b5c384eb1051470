import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../components/plan/fingerprint.ts";
import type { RepositoryKind } from "../contracts/repository-kind.ts";

/** Path → content of what a new repository of a kind starts with, from `repositories/<kind>/`. */
export function templateFiles(root: string, kind: RepositoryKind): Map<string, string> {
  const folder = join(root, "repositories", kind);
  return new Map(filesBelow(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}
