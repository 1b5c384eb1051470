import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE_FILE, Catalogue } from "../../contracts/catalogue.ts";
import { problemLines } from "../../contracts/problems.ts";

/** The repositories that the pipeline builds. `folder` is the code's. Throws one error that names everything wrong. */
export function readCatalogue(folder: string): Catalogue {
  const parsed = Catalogue.safeParse(JSON.parse(readFileSync(join(folder, CATALOGUE_FILE), "utf8")));
  if (!parsed.success) throw new Error(`${CATALOGUE_FILE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
