import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GithubApp } from "../../clients/github-app.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { ReconcileSettings } from "../../contracts/reconcile-settings.ts";
import { type AwsReach, BOUNDED } from "../lib/aws.ts";
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
  const secrets = new SecretsManagerClient(config);
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const privateKey = async () => {
    const command = new GetSecretValueCommand({ SecretId: settings.github.privateKeySecret });
    const { SecretString = "" } = await secrets.send(command);
    return SecretString;
  };
  return {
    settings,
    repositories: Object.keys(catalogue),
    dynamodb,
    tables: new Tables(dynamodb, settings.buildsTable, settings.releasesTable),
    github: new GithubApp({
      access: settings.github,
      organization: settings.organization,
      privateKey,
      timeoutMs: CALL_MS,
    }),
    sqs: new SQSClient(config),
    s3: new S3Client({ ...config, ...(aws.endpoint === undefined ? {} : { forcePathStyle: true }) }),
    lambda: new LambdaClient(config),
    now: () => new Date(),
  };
}
