import type { SNSEvent } from "aws-lambda";
import { z } from "zod";

const Message = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })).optional(),
});

/**
 * The keys of the objects that S3 told of over SNS. S3's events carry them form-encoded; its test event has none.
 * Throws for a message that is none of S3's.
 */
export function objectKeys(event: SNSEvent): string[] {
  return event.Records.flatMap(({ Sns }) => {
    const { Records = [] } = Message.parse(JSON.parse(Sns.Message));
    return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll("+", " ")));
  });
}
