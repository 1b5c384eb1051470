import { readFileSync } from "node:fs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Octokit } from "@octokit/rest";
import { TestGitHub } from "../../local/github/tests/harness.ts";
import { type Emulator, startEmulator } from "../../local/providers/aws/testing/emulator.ts";

export const OWNER = "hypriot";
export const BUCKET = "artifacts";
const APP_KEY = "app-key";

/** What functions stand between: a real local GitHub and a real local AWS, with the App's key and a bucket in it. */
export class Clouds {
  protected constructor(
    readonly github: TestGitHub,
    readonly aws: Emulator,
  ) {}

  static async start(): Promise<Clouds> {
    const clouds = new Clouds(...(await Promise.all([TestGitHub.start(), startEmulator()])));
    const SecretString = readFileSync(clouds.github.description.app.privateKeyFile, "utf8");
    await clouds.secret(APP_KEY, SecretString);
    await clouds.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    return clouds;
  }

  async stop(): Promise<void> {
    await Promise.all([this.github.remove(), this.aws.stop()]);
  }

  /** What an AWS client is made with. */
  get client() {
    const { endpoint, region, credentials } = this.aws;
    return { endpoint, region, credentials };
  }

  get s3(): S3Client {
    return new S3Client({ ...this.client, forcePathStyle: true });
  }

  get sqs(): SQSClient {
    return new SQSClient(this.client);
  }

  get documents(): DynamoDBDocumentClient {
    return DynamoDBDocumentClient.from(new DynamoDBClient(this.client), {
      marshallOptions: { removeUndefinedValues: true },
    });
  }

  /** GitHub as the organization's owner. */
  get octokit(): Octokit {
    return this.github.octokit();
  }

  /** How functions reach GitHub; at another address where a proxy stands before it. */
  access(apiUrl = this.github.description.baseUrl) {
    return { apiUrl, appId: this.github.description.app.id, privateKeySecret: APP_KEY };
  }

  async secret(Name: string, SecretString: string): Promise<void> {
    await new SecretsManagerClient(this.client).send(new CreateSecretCommand({ Name, SecretString }));
  }

  /** A table with a hash key. */
  async table(TableName: string, key: string): Promise<void> {
    await new DynamoDBClient(this.client).send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      }),
    );
  }

  async put(Key: string, Body: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  }

  /** Takes all messages of a queue. */
  async take(QueueUrl: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  /** A repository with one commit; resolves with its id. */
  async newRepository(repo: string): Promise<string> {
    await this.octokit.rest.repos.createInOrg({ org: OWNER, name: repo, auto_init: true });
    return await this.head(repo);
  }

  async head(repo: string): Promise<string> {
    const { data } = await this.octokit.rest.repos.getBranch({ owner: OWNER, repo, branch: "main" });
    return data.commit.sha;
  }
}
