import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { type BuildJob, buildKey } from "../../contracts/build-job.ts";
import { Manifest } from "../../contracts/manifest.ts";
import type { Emulator } from "../../local/providers/aws/testing/emulator.ts";
import type { TestPipeline } from "./pipeline.ts";

/** What AWS holds of builds, as the account's owner sees it. */
export class StoredBuilds {
  constructor(
    readonly emulator: Emulator,
    readonly pipeline: TestPipeline,
  ) {}

  protected get aws() {
    const { endpoint, region, credentials } = this.emulator;
    return { endpoint, region, credentials };
  }

  get #s3(): S3Client {
    return new S3Client({ ...this.aws, forcePathStyle: true });
  }

  async record(job: BuildJob): Promise<Record<string, string | undefined>> {
    const { Item = {} } = await new DynamoDBClient(this.aws).send(
      new GetItemCommand({ TableName: "builds", Key: { id: { S: buildKey(job) } }, ConsistentRead: true }),
    );
    const text = (name: string) => Item[name]?.S;
    return {
      ...{ state: text("state"), reason: text("reason"), runner: text("runner") },
      ...{ updatedAt: text("updatedAt"), toldAt: text("toldAt") },
    };
  }

  /** Names of a build's objects. */
  async objects(job: BuildJob): Promise<string[]> {
    return [...new Set(await this.versions(job))];
  }

  /** Names of a build's objects, each as often as it was written. */
  async versions(job: BuildJob): Promise<string[]> {
    const prefix = `${buildKey(job)}/`;
    const { Versions = [] } = await this.#s3.send(
      new ListObjectVersionsCommand({ Bucket: this.pipeline.settings.bucket, Prefix: prefix }),
    );
    return Versions.map(({ Key = "" }) => Key.slice(prefix.length)).sort();
  }

  async object(job: BuildJob, name: string): Promise<string> {
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ Bucket: this.pipeline.settings.bucket, Key: `${buildKey(job)}/${name}` }),
    );
    return (await Body?.transformToString()) ?? "";
  }

  async manifest(job: BuildJob): Promise<Manifest> {
    return Manifest.parse(JSON.parse(await this.object(job, "manifest.json")));
  }
}
