import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { CATALOGUE_FILE, Catalogue } from "../../contracts/catalogue.ts";
import { parseDocument } from "./document.ts";

/** What a function was deployed with, in that variable. Throws one error that names everything wrong. */
export function readSettings<Schema extends z.ZodType>(variable: string, schema: Schema): z.output<Schema> {
  const text = process.env[variable];
  if (!text)
    throw new Error(`environment: found nothing in ${variable}, expected what the function's component says`);
  return parseDocument(variable, text, schema, "settings");
}

/** A document that lies beside a function's code, in `folder`. Throws one error that names everything wrong. */
export function readBeside<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
  return parseDocument(file, readFileSync(join(folder, file), "utf8"), schema, "a list of repositories");
}

/** The repositories that the pipeline builds. */
export function readCatalogue(folder: string): Catalogue {
  return readBeside(folder, CATALOGUE_FILE, Catalogue);
}
