import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { CodebuildQueue } from "../../contracts/codebuild-settings.ts";

/** The message comes back after so many seconds. */
export async function comeBack(
  sqs: SQSClient,
  queue: CodebuildQueue,
  message: SQSRecord,
  seconds: number,
): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: message.receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

/** Puts it where people look at what cannot be done, with the reason. */
export async function bury(
  sqs: SQSClient,
  queue: CodebuildQueue,
  message: SQSRecord,
  reason: string,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.deadLetterUrl,
      MessageBody: message.body,
      MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
    }),
  );
}
