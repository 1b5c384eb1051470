import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { trustPolicy } from "../../../components/plan/policy.ts";
import { BUILD_JOB_VERSION, BuildJob } from "../../../contracts/build-job.ts";
import { BUILDS_KEY, type BuildRecord } from "../../../contracts/build-record.ts";
import type { Catalogue } from "../../../contracts/catalogue.ts";
import { BUILD_CHECK } from "../../../contracts/checks.ts";
import { MANIFEST_VERSION, type Manifest } from "../../../contracts/manifest.ts";
import type { ReconcileSettings } from "../../../contracts/reconcile-settings.ts";
import { RELEASES_KEY, type ReleaseRecord } from "../../../contracts/release-record.ts";
import { zip } from "../../../local/providers/framework/zip.ts";
import { until } from "../../../tests/support/until.ts";
import { BUCKET, Clouds, OWNER } from "../../testing/clouds.ts";
import { makeReconciler } from "../parts.ts";
import { type Reconciler, reconcile } from "../reconcile.ts";

const ACCOUNT = "000000000000";
/** What stands still since then does so for long. */
export const LONG_AGO = new Date(Date.now() - 3600_000).toISOString();

/** Takes nothing: what it is started with goes to its dead letters at once. */
const PUBLISH = 'exports.handler = async () => { throw new Error("as the test wants it"); };\n';

/** The real reconciler between a real local AWS and a real local GitHub, with a receiver that answers as it is told. */
export class Stand extends Clouds {
  /** What the receiver answers with. */
  answer = 202;
  /** Ids of the events that it was sent. */
  readonly received: string[] = [];

  private constructor(
    { github, aws }: Clouds,
    readonly settings: ReconcileSettings,
    private readonly receiver: Server,
  ) {
    super(github, aws);
  }

  static override async start(): Promise<Stand> {
    const clouds = await Clouds.start();
    const receiver = createServer();
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const queueUrl = (name: string) => `${clouds.aws.endpoint}/${ACCOUNT}/${name}`;
    const stand = new Stand(
      clouds,
      {
        pipeline: "hypriot-test",
        organization: OWNER,
        webhookUrl: url,
        buildsTable: "builds",
        releasesTable: "releases",
        bucket: BUCKET,
        queues: { arm64: { url: queueUrl("arm64"), deadLetterUrl: queueUrl("arm64-dead") } },
        publishFunction: "publish",
        logsUrl: `${url}logs/`,
        stuckMinutes: 60,
        patience: { build: 600, release: 300 },
        github: clouds.access(),
      },
      receiver,
    );
    receiver.on("request", (incoming, outgoing) => {
      stand.received.push(String(incoming.headers["x-github-delivery"]));
      incoming.resume();
      outgoing.writeHead(stand.answer).end("{}");
    });
    await stand.#makeAws();
    return stand;
  }

  override async stop(): Promise<void> {
    this.receiver.closeAllConnections();
    this.receiver.close();
    await super.stop();
  }

  reconciler(repositories: readonly string[] = [], changes: Partial<Reconciler> = {}): Reconciler {
    const catalogue: Catalogue = Object.fromEntries(
      repositories.map((name) => [name, { kind: "image", architectures: ["arm64"] }]),
    );
    const settings = { ...this.settings, ...changes.settings };
    return { ...makeReconciler(settings, catalogue, this.client), ...changes };
  }

  reconcile(repositories: readonly string[] = [], changes: Partial<Reconciler> = {}) {
    return reconcile(this.reconciler(repositories, changes), 60_000);
  }

  /** A repository with one commit and, where it is wanted, the webhook; resolves with the commit. */
  async repository(name: string, { hook = false } = {}): Promise<string> {
    const at = { owner: OWNER, repo: name };
    const commit = await this.newRepository(name);
    if (hook) {
      const config = { url: this.settings.webhookUrl, content_type: "json", secret: "secret" };
      const before = this.received.length;
      await this.octokit.rest.repos.createWebhook({ ...at, events: ["push"], config });
      await until("the ping was answered", async () => this.received.length > before);
    }
    return commit;
  }

  /** Makes a branch: one event. */
  async branch(repo: string, name: string, sha: string): Promise<void> {
    await this.octokit.rest.git.createRef({ owner: OWNER, repo, ref: `refs/heads/${name}`, sha });
  }

  /** A build with its check run, as dispatch and a runner left them. */
  async build(repo: string, commit: string, changes: Partial<BuildRecord> = {}): Promise<BuildRecord> {
    const octokit = this.github.octokit(await this.github.appToken());
    const id = changes.id ?? `builds/${repo}/${commit}`;
    const { data } = await octokit.rest.checks.create({
      owner: OWNER,
      repo,
      name: BUILD_CHECK,
      head_sha: commit,
      external_id: `${id}#1`,
      status: "in_progress",
    });
    const record: BuildRecord = {
      id,
      repository: `${OWNER}/${repo}`,
      kind: "image",
      commit,
      trigger: { type: "push", branch: "main" },
      architectures: ["arm64"],
      attempt: 1,
      state: "running",
      checkRun: data.id,
      sentAt: LONG_AGO,
      queuedAt: LONG_AGO,
      updatedAt: LONG_AGO,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
      ...changes,
    };
    await this.putItem("builds", record);
    return record;
  }

  async putItem(TableName: "builds" | "releases", Item: BuildRecord | ReleaseRecord): Promise<void> {
    await this.documents.send(new PutCommand({ TableName, Item }));
  }

  async item(TableName: "builds" | "releases", id: string): Promise<Record<string, unknown> | undefined> {
    const Key = { [TableName === "builds" ? BUILDS_KEY : RELEASES_KEY]: id };
    return (await this.documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
  }

  /** The manifest that a runner left. */
  async manifest(record: BuildRecord, result: "success" | "failure"): Promise<void> {
    const { repository, kind, commit, trigger, architectures, attempt } = record;
    const manifest: Manifest = {
      version: MANIFEST_VERSION,
      ...{ repository, kind, commit, trigger, architectures, attempt, result },
      trusted: true,
      ...(result === "failure" ? { reason: "2 tests failed", cause: "tests" } : {}),
      builder: "sha256:0",
      startedAt: LONG_AGO,
      finishedAt: LONG_AGO,
      phases: [],
      artifacts: [],
    };
    await this.put(`${record.id}/manifest.json`, JSON.stringify(manifest));
  }

  /** Puts a build's job into a queue. */
  async send(queue: string, record: BuildRecord): Promise<void> {
    const { repository, kind, commit, trigger, architectures, attempt, checkRun = 1 } = record;
    const job: BuildJob = {
      version: BUILD_JOB_VERSION,
      ...{ repository, kind, commit, trigger, architectures, attempt, checkRun },
      trusted: true,
    };
    await this.sqs.send(
      new SendMessageCommand({ QueueUrl: this.#urlOf(queue), MessageBody: JSON.stringify(job) }),
    );
  }

  /** Takes all messages of the queue with that name. */
  override take(queue: string): Promise<string[]> {
    return super.take(this.#urlOf(queue));
  }

  async jobs(): Promise<BuildJob[]> {
    return (await this.take("arm64")).map((body) => BuildJob.parse(JSON.parse(body)));
  }

  /** Keys of the manifests that publish was started with, when `count` of them are there. */
  async published(count: number): Promise<string[]> {
    const keys: string[] = [];
    while (keys.length < count) {
      for (const body of await this.take("publish-dead")) {
        // AWS sends the event itself, the emulator puts it into an envelope.
        const event = JSON.parse(body);
        keys.push((event.requestPayload ?? event).Records[0].s3.object.key);
      }
    }
    return keys.sort();
  }

  async checkRuns(repo: string, ref: string) {
    const { data } = await this.octokit.rest.checks.listForRef({ owner: OWNER, repo, ref, filter: "all" });
    return data.check_runs.map(({ status, conclusion, output, external_id }) => {
      return { status, conclusion, title: output.title, summary: output.summary ?? "", external_id };
    });
  }

  #urlOf(queue: string): string {
    return `${this.aws.endpoint}/${ACCOUNT}/${queue}`;
  }

  async #makeAws(): Promise<void> {
    await this.table("builds", BUILDS_KEY);
    await this.table("releases", RELEASES_KEY);
    for (const QueueName of ["arm64", "arm64-dead", "publish-dead"]) {
      await this.sqs.send(new CreateQueueCommand({ QueueName }));
    }
    const { Role } = await new IAMClient(this.client).send(
      new CreateRoleCommand({
        RoleName: "publish",
        AssumeRolePolicyDocument: trustPolicy({ service: "lambda.amazonaws.com" }),
      }),
    );
    const lambda = new LambdaClient(this.client);
    const FunctionName = this.settings.publishFunction;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn ?? "",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: await zip([{ name: "index.js", content: Buffer.from(PUBLISH) }]) },
        DeadLetterConfig: { TargetArn: `arn:aws:sqs:${this.aws.region}:${ACCOUNT}:publish-dead` },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
    await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
  }
}
