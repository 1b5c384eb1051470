import type { Context, LambdaFunctionURLEvent } from "aws-lambda";
import { readCatalogue } from "../lib/catalogue.ts";
import type { Answer } from "./answer.ts";
import { makeParts } from "./parts.ts";
import { route } from "./route.ts";
import { readSettings } from "./settings.ts";

const parts = makeParts(readSettings(), readCatalogue(import.meta.dirname));

export function handler(event: LambdaFunctionURLEvent, context: Context): Promise<Answer> {
  return route(parts, event, context);
}
