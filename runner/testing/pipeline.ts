import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { policyDocument, runnerStatements, trustPolicy } from "../../components/plan/policy.ts";
import type { RunnerSettings } from "../../contracts/runner-settings.ts";
import type { Emulator } from "../../local/providers/aws/testing/emulator.ts";

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface TestPipeline {
  readonly settings: RunnerSettings;
  /** Of the runner's user: it may take the runner's role and do nothing else. */
  readonly key: Key;
}

/** What the program makes for a runner, as far as a runner meets it, with the rights that the program gives. */
export async function makePipeline(
  emulator: Emulator,
  given: Pick<RunnerSettings, "name" | "builderImage" | "cacheVolume" | "github"> & {
    readonly privateKey: string;
  },
): Promise<TestPipeline> {
  const { endpoint, region, credentials } = emulator;
  const config = { endpoint, region, credentials };
  const bucket = "hypriot-test-artifacts";
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const { TableDescription } = await new DynamoDBClient(config).send(
    new CreateTableCommand({
      TableName: "builds",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  const { ARN: secret } = await new SecretsManagerClient(config).send(
    new CreateSecretCommand({ Name: given.github.privateKeySecret, SecretString: given.privateKey }),
  );
  const sqs = new SQSClient(config);
  const dead = await makeQueue(sqs, "arm64-dead", {});
  const queue = await makeQueue(sqs, "arm64", {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
  });
  const { role, key } = await makeIdentity(new IAMClient(config), given.name, [
    ...runnerStatements({
      queues: [queue.arn],
      deadLetterQueues: [dead.arn],
      bucket: `arn:aws:s3:::${bucket}`,
      buildsTable: TableDescription?.TableArn ?? "",
      appKey: secret ?? "",
    }),
  ]);
  const { privateKey: _, ...rest } = given;
  return {
    key,
    settings: {
      ...rest,
      slots: 1,
      region,
      role,
      bucket,
      buildsTable: "builds",
      queues: { arm64: { url: queue.url, deadLetterUrl: dead.url } },
      limits: { memoryMiB: 256, cpus: 1, minutes: 5, diskMiB: 64 },
      logsUrl: "https://dispatch.example/logs/",
    },
  };
}

async function makeQueue(sqs: SQSClient, name: string, attributes: Record<string, string>) {
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return { url: QueueUrl, arn: answer.Attributes?.QueueArn ?? "" };
}

async function makeIdentity(
  iam: IAMClient,
  name: string,
  statements: ReturnType<typeof runnerStatements>,
): Promise<{ role: string; key: Key }> {
  const { User } = await iam.send(new CreateUserCommand({ UserName: name }));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: trustPolicy({ user: User?.Arn ?? "" }),
    }),
  );
  const role = Role?.Arn ?? "";
  await iam.send(
    new PutUserPolicyCommand({
      UserName: name,
      PolicyName: "take-role",
      PolicyDocument: policyDocument([
        { Sid: "TakeRunnerRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [role] },
      ]),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "work",
      PolicyDocument: policyDocument(statements),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return {
    role,
    key: {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    },
  };
}
