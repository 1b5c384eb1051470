import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { PublishSettings } from "../../contracts/publish-settings.ts";
import { type AwsReach, BOUNDED } from "../lib/aws.ts";
import { githubApp } from "../lib/github.ts";
import { LEASE_TIMES } from "./lease.ts";
import type { Publisher } from "./publish.ts";
import { ReleaseRecords } from "./records.ts";
import { signer } from "./sign.ts";

/** How long one call of GitHub's may take, uploads aside. */
const CALL_MS = 20_000;

/** How long nothing may move in an upload or in what it reads. */
const IDLE_MS = 30_000;

/** Everything that publish is made of. */
export function makePublisher(settings: PublishSettings, aws: AwsReach = {}): Publisher {
  const config = { ...BOUNDED, ...aws };
  const dynamodb = new DynamoDBClient(config);
  return {
    settings,
    s3: new S3Client({
      ...aws,
      ...(aws.endpoint === undefined ? {} : { forcePathStyle: true }),
      // Every artifact is compared with its SHA-256.
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: { connectionTimeout: 5_000, requestTimeout: IDLE_MS, throwOnRequestTimeout: true },
    }),
    records: new ReleaseRecords(
      DynamoDBDocumentClient.from(dynamodb),
      settings.releasesTable,
      () => new Date(),
    ),
    sign: signer(new KMSClient(config), settings.signingKey.arn),
    github: githubApp(settings, aws, CALL_MS),
    patience: { idleMs: IDLE_MS, failures: 6, firstPauseMs: 1_000 },
    leaseTimes: LEASE_TIMES,
  };
}
