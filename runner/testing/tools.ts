import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import Docker from "dockerode";
import type { RunnerSettings } from "../../contracts/runner-settings.ts";
import { RunnerApp } from "../github-build.ts";
import { BuildQueue } from "../queue.ts";
import { BuildRecords } from "../records.ts";
import type { Times, Tools } from "../tools.ts";
import type { Key } from "./pipeline.ts";

/** Quick, so that a test waits for nothing. */
export const QUICK: Times = {
  visibilitySeconds: 30,
  keepMessage: 1_000,
  retrySeconds: 0,
  lookForNewer: 200,
  lookAtDisk: 200,
  pinIdle: 5_000,
  putLog: 200,
  tellPhase: 100,
};

export interface ToolsConfig {
  readonly endpoint: string;
  readonly key: Key;
  readonly settings: RunnerSettings;
  readonly times: Times;
}

/** The agent's own tools on emulators, with the rights of the runner's role. */
export async function testTools(
  { endpoint, key, settings, times }: ToolsConfig,
  log: Tools["log"],
): Promise<{ tools: Tools; queues: BuildQueue[] }> {
  const { region } = settings;
  const sts = new STSClient({ endpoint, region, credentials: key });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: settings.role, RoleSessionName: "agent" }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  const aws = { endpoint, region, credentials };
  const secrets = new SecretsManagerClient(aws);
  const tools: Tools = {
    settings,
    docker: new Docker({ socketPath: "/var/run/docker.sock" }),
    s3: new S3Client({ ...aws, forcePathStyle: true }),
    s3As: (session) => new S3Client({ endpoint, region, forcePathStyle: true, credentials: session }),
    sts,
    records: new BuildRecords(new DynamoDBClient(aws), settings.buildsTable, settings.name),
    github: new RunnerApp(
      settings.github,
      async (SecretId) => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "",
    ),
    times,
    inWork: new Set(),
    log,
    now: () => new Date(),
  };
  const { arm64 } = settings.queues;
  if (arm64 === undefined) throw new Error("the test's settings have no queue");
  return { tools, queues: [new BuildQueue(new SQSClient(aws), "arm64", arm64)] };
}
