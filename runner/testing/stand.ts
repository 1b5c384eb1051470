import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Octokit } from "@octokit/rest";
import Docker from "dockerode";
import { BUILD_JOB_VERSION, type BuildJob, buildKey } from "../../contracts/build-job.ts";
import { lineageId } from "../../contracts/build-record.ts";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import type { Trigger } from "../../contracts/trigger.ts";
import { type Git, TestGitHub } from "../../local/github/tests/harness.ts";
import { type Emulator, startEmulator } from "../../local/providers/aws/testing/emulator.ts";
import { LABELS } from "../container.ts";
import { handle } from "../handle.ts";
import type { Tools } from "../tools.ts";
import { makeBuilderImage } from "./builder-image.ts";
import { makePipeline, type TestPipeline } from "./pipeline.ts";
import { StoredBuilds } from "./stored.ts";
import { QUICK, type ToolsConfig, testTools } from "./tools.ts";

export const OWNER = "hypriot";
export const REPO = "image-builder-test";

/** Builds, says phases, leaves an artifact, tests well. */
export const GOOD_PLAY = `
if [ "$1" = build ]; then
  phase one; ended one 0.5; phase two
  echo "building $HYPRIOTOS_VERSION at $SOURCE_DATE_EPOCH"
  echo image >/dist/image.img.zst; ended two 1.5
else
  phase tests; report image 3 0; ended tests 0.1
fi
`;

export type Files = Readonly<Record<string, string>>;

/** A runner's whole world: AWS, GitHub, Docker, and a repository whose commits say what the builder does. */
export class RunnerStand extends StoredBuilds {
  readonly docker = new Docker({ socketPath: "/var/run/docker.sock" });
  #clone: Git | undefined;

  private constructor(
    emulator: Emulator,
    pipeline: TestPipeline,
    readonly github: TestGitHub,
    readonly app: Octokit,
  ) {
    super(emulator, pipeline);
  }

  static async start(): Promise<RunnerStand> {
    const [emulator, github] = await Promise.all([startEmulator(), TestGitHub.start()]);
    const { app, baseUrl } = github.description;
    const name = `hypriotos-test-${process.pid}`;
    const docker = new Docker({ socketPath: "/var/run/docker.sock" });
    await makeBuilderImage(docker, `${name}/builder:1`);
    const pipeline = await makePipeline(emulator, {
      name,
      builderImage: `${name}/builder:1`,
      cacheVolume: `${name}-cache`,
      github: { apiUrl: baseUrl, appId: app.id, privateKeySecret: "app-key" },
      privateKey: readFileSync(app.privateKeyFile, "utf8"),
    });
    await github.octokit().rest.repos.createInOrg({ org: OWNER, name: REPO, auto_init: true });
    const octokit = github.octokit(await github.appToken());
    return new RunnerStand(emulator, pipeline, github, octokit);
  }

  get config(): ToolsConfig {
    const { settings, key } = this.pipeline;
    return { endpoint: this.emulator.endpoint, key, settings, times: QUICK };
  }

  async close(): Promise<void> {
    for (const id of await this.containers()) await this.docker.getContainer(id).remove({ force: true });
    await this.docker.getVolume(this.pipeline.settings.cacheVolume).remove({ force: true });
    await this.docker.getImage(this.pipeline.settings.builderImage).remove({ force: true });
    await Promise.all([this.emulator.stop(), this.github.remove()]);
  }

  /** Ids of the containers that this runner left. */
  async containers(): Promise<string[]> {
    const label = [`${LABELS.runner}=${this.pipeline.settings.name}`];
    return (await this.docker.listContainers({ all: true, filters: { label } })).map(({ Id }) => Id);
  }

  /** A new commit with just these files, on a branch of its own. */
  async commit(files: Files, arrange: (git: Git) => Promise<void> = async () => undefined): Promise<string> {
    this.#clone ??= await this.github.clone(`${OWNER}/${REPO}`);
    const git = this.#clone;
    await git("rm", "-r", "-q", "--ignore-unmatch", ".");
    for (const [path, content] of Object.entries({ "rootfs.json": "{}", ...files })) {
      await mkdir(dirname(join(git.folder, path)), { recursive: true });
      await writeFile(join(git.folder, path), content);
    }
    await git("add", "--all");
    await arrange(git);
    await git("commit", "--quiet", "--allow-empty", "-m", "Play");
    const sha = await git("rev-parse", "HEAD");
    await git("push", "--quiet", "origin", `HEAD:refs/heads/play-${sha.slice(0, 12)}`);
    return sha;
  }

  /** Git in the clone that commits are made in. */
  async git(...args: string[]): Promise<string> {
    this.#clone ??= await this.github.clone(`${OWNER}/${REPO}`);
    return await this.#clone(...args);
  }

  /** What dispatch does: check run, record, message. */
  async submit(commit: string, given: Partial<BuildJob> = {}): Promise<BuildJob> {
    const trigger: Trigger = given.trigger ?? { type: "push", branch: `play-${commit.slice(0, 12)}` };
    const at = { owner: OWNER, repo: REPO };
    const { data } = await this.app.rest.checks.create({
      ...at,
      name: BUILD_CHECK,
      head_sha: commit,
      status: "queued",
    });
    const job: BuildJob = {
      version: BUILD_JOB_VERSION,
      repository: `${OWNER}/${REPO}`,
      kind: "rootfs",
      commit,
      trigger,
      trusted: trigger.type !== "pull-request",
      architectures: ["arm64"],
      attempt: 1,
      checkRun: data.id,
      ...given,
    };
    await this.#put({
      id: { S: buildKey(job) },
      attempt: { N: String(job.attempt) },
      state: { S: "queued" },
    });
    await this.send(JSON.stringify(job));
    return job;
  }

  async send(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#queue.url, MessageBody: body }));
  }

  /** Ends a build as reconcile does that thinks it lost. */
  async giveUp(job: BuildJob): Promise<void> {
    await new DynamoDBClient(this.aws).send(
      new UpdateItemCommand({
        TableName: "builds",
        Key: { id: { S: buildKey(job) } },
        UpdateExpression: "SET #state = :error, toldAt = :now",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":error": { S: "error" }, ":now": { S: new Date().toISOString() } },
      }),
    );
  }

  /** Deletes a build's record. */
  async forget(job: BuildJob): Promise<void> {
    const Key = { id: { S: buildKey(job) } };
    await new DynamoDBClient(this.aws).send(new DeleteItemCommand({ TableName: "builds", Key }));
  }

  /** Runs a command where trusted builds' cache is. */
  async inCache(command: string): Promise<void> {
    const { builderImage, cacheVolume, name } = this.pipeline.settings;
    const container = await this.docker.createContainer({
      Image: builderImage,
      Entrypoint: ["/bin/sh", "-c", command],
      Labels: { [LABELS.runner]: name },
      HostConfig: { Binds: [`${cacheVolume}:/cache`] },
    });
    await container.start();
    await container.wait();
    await container.remove();
  }

  /** Forgets every message. */
  async purge(): Promise<void> {
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.#queue.url }));
  }

  /** The lineage of a job says that another build is the newest. */
  async supersede(job: BuildJob, by: string): Promise<void> {
    await this.#put({ id: { S: lineageId(job) ?? "" }, build: { S: by }, order: { N: "2" } });
  }

  /** Takes the next message and does what it asks for, as the agent does. */
  async work(
    given: Partial<ToolsConfig> = {},
    stop = new AbortController().signal,
    said: Tools["log"] = () => undefined,
  ) {
    const { tools, queues } = await testTools({ ...this.config, ...given }, said);
    const [queue] = queues;
    const message = await queue?.receive(5, tools.times.visibilitySeconds);
    if (queue === undefined || message === undefined) throw new Error("the queue has no message");
    return await handle(tools, queue, message, stop);
  }

  /** The job's check run. */
  async check(job: BuildJob) {
    const at = { owner: OWNER, repo: REPO, check_run_id: job.checkRun };
    const { data } = await this.app.rest.checks.get(at);
    return data;
  }

  /** Messages in the queue, seen and unseen. */
  async waiting(): Promise<number> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#queue.url, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  /** The dead letters, which are then forgotten. */
  async deadLetters(): Promise<{ body: string; reason: string | undefined }[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queue.deadLetterUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      }),
    );
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.#queue.deadLetterUrl }));
    return Messages.map(({ Body = "", MessageAttributes }) => ({
      body: Body,
      reason: MessageAttributes?.reason?.StringValue,
    }));
  }

  get #sqs(): SQSClient {
    return new SQSClient(this.aws);
  }

  get #queue() {
    const { arm64 } = this.pipeline.settings.queues;
    if (arm64 === undefined) throw new Error("the test's settings have no queue");
    return arm64;
  }

  async #put(Item: PutItemCommand["input"]["Item"]): Promise<void> {
    await new DynamoDBClient(this.aws).send(new PutItemCommand({ TableName: "builds", Item }));
  }
}
