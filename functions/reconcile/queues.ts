import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Architecture } from "../../contracts/architecture.ts";
import { BuildJob, buildKey } from "../../contracts/build-job.ts";
import { checkRunId } from "../../contracts/build-key.ts";
import type { ReconcileSettings } from "../../contracts/reconcile-settings.ts";
import type { QueueSight } from "./builds.ts";

/** Looked at, a dead letter is hidden for so long, in seconds: each is seen once, and soon everybody sees all. */
const HIDDEN_SECONDS = 20;
/** Looks at dead letters, ten at a time. */
const MAX_LOOKS = 50;

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

const Text = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "JSON" });
    return z.NEVER;
  }
});

async function deadAttempts(sqs: SQSClient, QueueUrl: string): Promise<Set<string>> {
  const dead = new Set<string>();
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: 0,
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body } of Messages) {
      const job = Text.pipe(BuildJob).safeParse(Body).data;
      if (job !== undefined) dead.add(checkRunId(buildKey(job), job.attempt));
    }
  }
  return dead;
}

/** Looks at every queue and its dead letters. */
export async function lookAtQueues(
  sqs: SQSClient,
  queues: ReconcileSettings["queues"],
): Promise<Partial<Record<Architecture, QueueSight>>> {
  const sights = Object.entries(queues).map(async ([architecture, { url, deadLetterUrl }]) => {
    const [{ Attributes = {} }, dead] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTS] })),
      deadAttempts(sqs, deadLetterUrl),
    ]);
    const empty = COUNTS.every((name) => Attributes[name] === "0");
    return [architecture, { empty, dead }] as const;
  });
  return Object.fromEntries(await Promise.all(sights));
}
