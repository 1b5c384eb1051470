import { CodeBuildClient, CreateProjectCommand, StopBuildCommand } from "@aws-sdk/client-codebuild";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { BUILD_JOB_VERSION, type BuildJob, buildKey } from "../../../contracts/build-job.ts";
import { BuildRecord, lineageId } from "../../../contracts/build-record.ts";
import { BUILD_CHECK } from "../../../contracts/checks.ts";
import type { CodebuildSettings } from "../../../contracts/codebuild-settings.ts";
import { Clouds, OWNER } from "../../testing/clouds.ts";
import { type Feeder, feed, type Outcome } from "../feed.ts";
import { makeFeeder } from "../parts.ts";
import { FaultyAws } from "./faulty-aws.ts";

const REPO = "image-builder-test";
export const PROJECT = "runner-arm64";
export const IMAGES_PROJECT = "images";
const IMAGES = [
  { repository: "hypriot/builder", tag: "b-arm64" },
  { repository: "hypriot/runner", tag: "r-arm64" },
];

/** The real function between a real local AWS, CodeBuild behind a proxy that fails when it is told, and a GitHub. */
export class Stand extends Clouds {
  readonly feeder: Feeder;
  /** How far the function's clock is ahead: as if time had passed. */
  aheadMs = 0;
  #receipt: string | undefined;

  private constructor(
    { github, aws }: Clouds,
    readonly codebuild: FaultyAws,
    readonly settings: CodebuildSettings,
    feeder: Feeder,
  ) {
    super(github, aws);
    this.feeder = { ...feeder, now: () => new Date(Date.now() + this.aheadMs) };
  }

  static override async start(): Promise<Stand> {
    const clouds = await Clouds.start();
    const { client, sqs } = clouds;
    const proxy = await FaultyAws.start(client.endpoint);
    await clouds.table("builds", "id");
    const dead = await sqs.send(new CreateQueueCommand({ QueueName: "arm64-dead" }));
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "arm64" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const codebuild = new CodeBuildClient(client);
    for (const name of [PROJECT, IMAGES_PROJECT]) await codebuild.send(project(name));
    const ecr = new ECRClient(client);
    for (const { repository: repositoryName, tag: imageTag } of IMAGES) {
      await ecr.send(new CreateRepositoryCommand({ repositoryName }));
      await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest: "{}" }));
    }
    await clouds.newRepository(REPO);
    const settings: CodebuildSettings = {
      organization: OWNER,
      buildsTable: "builds",
      queues: [
        {
          architecture: "arm64",
          arn: Attributes?.QueueArn ?? "",
          url: QueueUrl,
          deadLetterUrl: dead.QueueUrl ?? "",
          project: PROJECT,
          imagesProject: IMAGES_PROJECT,
          images: IMAGES,
        },
      ],
      github: clouds.access(),
    };
    const feeder = makeFeeder(settings, client, { ...client, endpoint: proxy.url });
    return new Stand(clouds, proxy, settings, feeder);
  }

  override async stop(): Promise<void> {
    this.codebuild.stop();
    await super.stop();
  }

  /** What dispatch does: check run, record, message. Each job is another build of the same commit. */
  async submit(branch: string): Promise<BuildJob> {
    const octokit = this.github.octokit(await this.github.appToken());
    const at = { owner: OWNER, repo: REPO };
    const { data } = await octokit.rest.checks.create({
      ...at,
      name: BUILD_CHECK,
      head_sha: await this.head(REPO),
      status: "queued",
    });
    const job: BuildJob = {
      version: BUILD_JOB_VERSION,
      repository: `${OWNER}/${REPO}`,
      kind: "image",
      commit: Buffer.from(branch).toString("hex").padEnd(40, "0").slice(0, 40),
      trigger: { type: "push", branch },
      trusted: true,
      architectures: ["arm64"],
      attempt: 1,
      checkRun: data.id,
    };
    const { repository, kind, commit, trigger, architectures, attempt, checkRun } = job;
    const time = new Date().toISOString();
    await this.putItem({
      ...{ id: buildKey(job), repository, kind, commit, trigger, architectures, attempt, checkRun },
      ...{ state: "queued", queuedAt: time, updatedAt: time, expiresAt: 4_000_000_000 },
    });
    await this.send(JSON.stringify(job));
    return job;
  }

  async putItem(Item: Record<string, unknown>): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: "builds", Item }));
  }

  /** The lineage of a job says that another build is the newest. */
  async supersede(job: BuildJob): Promise<void> {
    await this.putItem({ id: lineageId(job), build: "builds/newer", order: 2 });
  }

  /** What run-one does of the record. */
  async state(job: BuildJob, state: string): Promise<void> {
    await this.documents.send(
      new UpdateCommand({
        TableName: "builds",
        Key: { id: buildKey(job) },
        UpdateExpression: "SET #state = :state",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": state },
      }),
    );
  }

  async record(job: BuildJob): Promise<BuildRecord> {
    const { Item } = await this.documents.send(
      new GetCommand({ TableName: "builds", Key: { id: buildKey(job) }, ConsistentRead: true }),
    );
    return BuildRecord.parse(Item);
  }

  async check(job: BuildJob) {
    const octokit = this.github.octokit(await this.github.appToken());
    return (await octokit.rest.checks.get({ owner: OWNER, repo: REPO, check_run_id: job.checkRun })).data;
  }

  async send(MessageBody: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.#queue.url, MessageBody }));
  }

  /** Hands the next message out and does with it what Lambda does. `twice`: to two calls at the same time. */
  async work(twice = false): Promise<Outcome[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queue.url,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        WaitTimeSeconds: 0,
      }),
    );
    const [message] = Messages;
    if (message === undefined) throw new Error("the queue has no message");
    const record = {
      messageId: message.MessageId ?? "",
      receiptHandle: message.ReceiptHandle ?? "",
      body: message.Body ?? "",
      attributes: { ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? "" },
      eventSourceARN: this.#queue.arn,
    } as SQSRecord;
    this.#receipt = message.ReceiptHandle;
    const calls = Array.from({ length: twice ? 2 : 1 }, () => feed(this.feeder, record));
    const outcomes = await Promise.all(calls);
    if (outcomes.includes("goes")) {
      await this.sqs.send(
        new DeleteMessageCommand({ QueueUrl: this.#queue.url, ReceiptHandle: record.receiptHandle }),
      );
    }
    return outcomes;
  }

  /** The message that waits comes back now, as if a minute had passed. */
  async pass(): Promise<void> {
    this.aheadMs += 60_000;
    await this.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#queue.url,
        ReceiptHandle: this.#receipt,
        VisibilityTimeout: 0,
      }),
    );
  }

  /** Messages that can be had now, and those that wait. */
  async waiting(): Promise<{ visible: number; hidden: number }> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#queue.url, AttributeNames: [...names] }),
    );
    return { visible: Number(Attributes[names[0]]), hidden: Number(Attributes[names[1]]) };
  }

  async deadLetters(): Promise<{ body: string | undefined; reason: string | undefined }[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queue.deadLetterUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      }),
    );
    for (const { ReceiptHandle } of Messages) {
      await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queue.deadLetterUrl, ReceiptHandle }));
    }
    return Messages.map(({ Body, MessageAttributes }) => ({
      body: Body,
      reason: MessageAttributes?.reason?.StringValue,
    }));
  }

  /** Somebody stops a build. */
  async stopBuild(id: string | undefined): Promise<void> {
    await new CodeBuildClient(this.client).send(new StopBuildCommand({ id }));
  }

  get #queue() {
    const [queue] = this.settings.queues;
    if (queue === undefined) throw new Error("the test's settings have no queue");
    return queue;
  }
}

function project(name: string): CreateProjectCommand {
  return new CreateProjectCommand({
    name,
    source: { type: "NO_SOURCE", buildspec: "{}" },
    artifacts: { type: "NO_ARTIFACTS" },
    environment: { type: "ARM_CONTAINER", image: "image", computeType: "BUILD_GENERAL1_SMALL" },
    serviceRole: "arn:aws:iam::000000000000:role/runner",
  });
}
