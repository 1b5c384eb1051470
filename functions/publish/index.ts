import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { S3Event } from "aws-lambda";
import { environment } from "../lib/environment.ts";
import { recordRelease } from "./record-release.ts";

const { RELEASES_TABLE } = environment(["RELEASES_TABLE"]);

const publisher = {
  s3: new S3Client(),
  releases: { client: new DynamoDBClient(), table: RELEASES_TABLE, key: "release" },
  now: () => new Date(),
};

export async function handler(event: S3Event): Promise<void> {
  for (const { s3 } of event.Records ?? []) {
    await recordRelease(publisher, { bucket: s3.bucket.name, key: s3.object.key });
  }
}
