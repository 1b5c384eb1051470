import type { Context, LambdaFunctionURLEvent } from "aws-lambda";
import { DISPATCH_SETTINGS_VARIABLE, DispatchSettings } from "../../contracts/dispatch-settings.ts";
import { readCatalogue, readSettings } from "../lib/settings.ts";
import type { Answer } from "./answer.ts";
import { makeParts } from "./parts.ts";
import { route } from "./route.ts";

const parts = makeParts(
  readSettings(DISPATCH_SETTINGS_VARIABLE, DispatchSettings),
  readCatalogue(import.meta.dirname),
);

export function handler(event: LambdaFunctionURLEvent, context: Context): Promise<Answer> {
  return route(parts, event, context);
}
