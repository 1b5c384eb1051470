import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { reasonOf } from "../../clients/text.ts";
import { CODEBUILD_SETTINGS_VARIABLE, CodebuildSettings } from "../../contracts/codebuild-settings.ts";
import { logger } from "../lib/logger.ts";
import { readSettings } from "../lib/settings.ts";
import { feed } from "./feed.ts";
import { makeFeeder } from "./parts.ts";

const feeder = makeFeeder(readSettings(CODEBUILD_SETTINGS_VARIABLE, CodebuildSettings));

/** Starts builds for the messages of build queues. What it names comes back to its queue, all else is done. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const message of event.Records) {
    const outcome = await feed(feeder, message).catch((error: unknown) => {
      logger.error("cannot feed", { message: message.messageId, reason: reasonOf(error) });
      throw error;
    });
    if (outcome === "stays") batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  return { batchItemFailures };
}
