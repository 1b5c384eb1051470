import type { Context, S3Event } from "aws-lambda";
import { PUBLISH_SETTINGS_VARIABLE, PublishSettings } from "../../contracts/publish-settings.ts";
import { readSettings } from "../lib/settings.ts";
import { makePublisher } from "./parts.ts";
import { publishRelease } from "./publish.ts";

const publisher = makePublisher(readSettings(PUBLISH_SETTINGS_VARIABLE, PublishSettings));

/** Publishes the releases whose manifests arrived. Lambda delivers an event twice more where this throws. */
export async function handler(event: S3Event, context: Context): Promise<void> {
  const failures: unknown[] = [];
  for (const { s3 } of event.Records ?? []) {
    await publishRelease(publisher, s3.object.key, context.getRemainingTimeInMillis()).catch(
      (error: unknown) => failures.push(error),
    );
  }
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}
