import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { DispatchSettings } from "../../contracts/dispatch-settings.ts";
import { type AwsReach, BOUNDED, BOUNDED_ALONE } from "../lib/aws.ts";
import { githubApp } from "../lib/github.ts";
import type { LogReader } from "./logs.ts";
import { Deliveries } from "./once.ts";
import type { Receiver } from "./receive.ts";
import { WebhookSecrets } from "./secrets.ts";

/** Everything that dispatch is made of. */
export function makeParts(
  settings: DispatchSettings,
  catalogue: Catalogue,
  aws: AwsReach = {},
): { readonly receiver: Receiver; readonly logs: LogReader } {
  const config = { ...BOUNDED, ...aws };
  const secretsManager = new SecretsManagerClient(config);
  const dynamodb = new DynamoDBClient(config);
  const alone = new DynamoDBClient({ ...BOUNDED_ALONE, ...aws });
  const receiver = {
    settings,
    catalogue,
    secrets: new WebhookSecrets(secretsManager, settings.webhookSecrets),
    deliveries: new Deliveries(alone, settings.deliveriesTable),
    dynamodb: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
    // Tried once: an attempt that hung may have been taken, and a second would be a second job.
    sqs: new SQSClient({ ...config, maxAttempts: 1 }),
    github: githubApp(settings, aws),
    now: () => new Date(),
  };
  const s3 = new S3Client(aws);
  return { receiver, logs: { s3, bucket: settings.bucket, publicLogs: settings.publicLogs } };
}
