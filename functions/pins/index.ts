import type { Context, SNSEvent } from "aws-lambda";
import { PINS_SETTINGS_VARIABLE, PinsSettings } from "../../contracts/pins-settings.ts";
import { publishedReleaseKeys } from "../lib/published-release.ts";
import { readCatalogue, readSettings } from "../lib/settings.ts";
import { makePinner } from "./parts.ts";
import { pinRelease } from "./pins.ts";

const pinner = makePinner(
  readSettings(PINS_SETTINGS_VARIABLE, PinsSettings),
  readCatalogue(import.meta.dirname),
);

/** What is left of an invocation to tell how far it came, in milliseconds. */
const RESERVE_MS = 10_000;

/** Proposes the releases that were published to the boards. Lambda delivers an event twice more where this throws. */
export async function handler(event: SNSEvent, context: Context): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
  const failures: unknown[] = [];
  for (const key of publishedReleaseKeys(event)) {
    await pinRelease(pinner, key, signal).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}
