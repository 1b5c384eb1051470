import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import Docker from "dockerode";
import { ARCHITECTURES } from "../contracts/architecture.ts";
import type { RunnerSettings } from "../contracts/runner-settings.ts";
import { RunnerApp } from "./github-build.ts";
import { BuildQueue } from "./queue.ts";
import { BuildRecords } from "./records.ts";
import { TIMES, type Tools } from "./tools.ts";

/** One line of JSON. Never give it a secret. */
export function log(fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...fields }));
}

/** What the agent works with, as its environment and the AWS files say. */
export function makeTools(settings: RunnerSettings): { tools: Tools; sqs: SQSClient; queues: BuildQueue[] } {
  const { region } = settings;
  const secrets = new SecretsManagerClient({ region });
  const readKey = async (SecretId: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "";
  const s3 = { region, forcePathStyle: true };
  const tools = {
    settings,
    docker: new Docker({ socketPath: "/var/run/docker.sock" }),
    s3: new S3Client(s3),
    s3As: (credentials) => new S3Client({ ...s3, credentials }),
    sts: new STSClient({ region, ...(settings.roleProfile ? { profile: settings.roleProfile } : {}) }),
    records: new BuildRecords(new DynamoDBClient({ region }), settings.buildsTable, settings.name),
    github: new RunnerApp(settings.github, readKey),
    times: TIMES,
    inWork: new Set<string>(),
    log,
    now: () => new Date(),
  } satisfies Tools;
  const sqs = new SQSClient({ region });
  const queues = ARCHITECTURES.flatMap((architecture) => {
    const queue = settings.queues[architecture];
    return queue === undefined ? [] : [new BuildQueue(sqs, architecture, queue)];
  });
  return { tools, sqs, queues };
}
