import type { S3Client } from "@aws-sdk/client-s3";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { RunnerSettings } from "../contracts/runner-settings.ts";

export interface Clients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

/** What a runner sees of the pipeline, with its own rights. */
export interface Sight {
  /** Waiting jobs by architecture. */
  readonly waiting: Readonly<Record<string, number>>;
  /** What it could not reach, one line each. Empty: ready for work. */
  readonly problems: readonly string[];
}

function reason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Looks at every queue and at the bucket. Never throws: what fails is in `problems`. */
export async function look({ sqs, s3 }: Clients, settings: RunnerSettings): Promise<Sight> {
  const waiting: Record<string, number> = {};
  const problems: string[] = [];
  const queues = Object.entries(settings.queues).map(async ([architecture, { url }]) => {
    try {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      waiting[architecture] = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    } catch (error) {
      problems.push(`queue ${architecture}: ${reason(error)}`);
    }
  });
  const bucket = s3
    .send(new ListObjectsV2Command({ Bucket: settings.bucket, Prefix: "builds/", MaxKeys: 1 }))
    .catch((error: unknown) => problems.push(`bucket ${settings.bucket}: ${reason(error)}`));
  await Promise.all([...queues, bucket]);
  return { waiting, problems: problems.sort() };
}
