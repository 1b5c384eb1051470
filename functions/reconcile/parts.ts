import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { ReconcileSettings } from "../../contracts/reconcile-settings.ts";
import { type AwsReach, BOUNDED } from "../lib/aws.ts";
import { githubApp } from "../lib/github.ts";
import type { Reconciler } from "./reconcile.ts";
import { Tables } from "./tables.ts";

/** How long one call of GitHub's may take. */
const CALL_MS = 10_000;

/** Everything that reconcile is made of. */
export function makeReconciler(
  settings: ReconcileSettings,
  catalogue: Catalogue,
  aws: AwsReach = {},
): Reconciler {
  const config = { ...BOUNDED, ...aws };
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    settings,
    repositories: Object.keys(catalogue),
    dynamodb,
    tables: new Tables(dynamodb, settings.buildsTable, settings.releasesTable),
    github: githubApp(settings, aws, CALL_MS),
    sqs: new SQSClient(config),
    s3: new S3Client({ ...config, ...(aws.endpoint === undefined ? {} : { forcePathStyle: true }) }),
    lambda: new LambdaClient(config),
    now: () => new Date(),
  };
}
