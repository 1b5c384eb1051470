import type { S3Client } from "@aws-sdk/client-s3";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type Docker from "dockerode";
import { reasonOf } from "../clients/text.ts";
import type { RunnerSettings } from "../contracts/runner-settings.ts";
import type { Working } from "./agent.ts";

export interface Clients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly docker: Docker;
}

/** What a runner sees of the pipeline, with its own rights. */
export interface Sight {
  /** Waiting jobs by architecture. */
  readonly waiting: Readonly<Record<string, number>>;
  /** What it could not reach, one line each. Empty: ready for work. */
  readonly problems: readonly string[];
  /** What it works on. */
  readonly working: readonly Working[];
}

/** Looks at every queue, the bucket and the Docker daemon. Never throws: what fails is in `problems`. */
export async function look(
  { sqs, s3, docker }: Clients,
  settings: RunnerSettings,
): Promise<Omit<Sight, "working">> {
  const waiting: Record<string, number> = {};
  const problems: string[] = [];
  const queues = Object.entries(settings.queues).map(async ([architecture, { url }]) => {
    try {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      waiting[architecture] = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    } catch (error) {
      problems.push(`queue ${architecture}: ${reasonOf(error)}`);
    }
  });
  const bucket = s3
    .send(new ListObjectsV2Command({ Bucket: settings.bucket, Prefix: "builds/", MaxKeys: 1 }))
    .catch((error: unknown) => problems.push(`bucket ${settings.bucket}: ${reasonOf(error)}`));
  const image = docker
    .getImage(settings.builderImage)
    .inspect()
    .catch((error: unknown) => problems.push(`image ${settings.builderImage}: ${reasonOf(error)}`));
  await Promise.all([...queues, bucket, image]);
  return { waiting, problems: problems.sort() };
}
