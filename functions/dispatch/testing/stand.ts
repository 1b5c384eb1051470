import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createSilentServer, type Server as SilentServer } from "node:net";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, LambdaFunctionURLEvent } from "aws-lambda";
import { BuildJob } from "../../../contracts/build-job.ts";
import { BuildRecord, type BuildState } from "../../../contracts/build-record.ts";
import type { Catalogue } from "../../../contracts/catalogue.ts";
import { BUILD_CHECK } from "../../../contracts/checks.ts";
import type { DispatchSettings } from "../../../contracts/dispatch-settings.ts";
import { BUCKET, Clouds, OWNER } from "../../testing/clouds.ts";
import type { Answer } from "../answer.ts";
import { makeParts } from "../parts.ts";
import { route } from "../route.ts";

export const SECRET = "the webhook's secret";

export type Parts = ReturnType<typeof makeParts>;

/** How a request differs from GitHub's own. */
export interface Twist {
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly method?: string;
  readonly path?: string;
  readonly base64?: boolean;
}

export function context(remainingMs = 30_000): Context {
  const started = Date.now();
  return {
    getRemainingTimeInMillis: () => Math.max(0, remainingMs - (Date.now() - started)),
  } as Context;
}

/** A delivery as a function URL passes it on, signed unless the twist says otherwise. */
export function request(event: string, payload: unknown, twist: Twist = {}): LambdaFunctionURLEvent {
  const body = twist.body ?? JSON.stringify(payload);
  const headers: Record<string, string | undefined> = {
    "content-type": "application/json",
    "x-github-delivery": twist.id ?? randomUUID(),
    "x-github-event": event,
    "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    ...twist.headers,
  };
  return {
    rawPath: twist.path ?? "/",
    requestContext: { http: { method: twist.method ?? "POST" } },
    headers,
    body: twist.base64 ? Buffer.from(body).toString("base64") : body,
    isBase64Encoded: twist.base64 ?? false,
  } as LambdaFunctionURLEvent;
}

/** The real handler between a real local GitHub and a real local AWS. */
export class Stand extends Clouds {
  /** Answers to what GitHub delivered, by event. */
  readonly answers: { readonly event: string; readonly answer: Answer }[] = [];
  readonly #waiting: (() => void)[] = [];

  private constructor(
    { github, aws }: Clouds,
    readonly settings: DispatchSettings,
    /** What the function is made of; a test may put something else in for a while. */
    public parts: Parts,
    private readonly server: Server,
    private readonly silent: SilentServer,
  ) {
    super(github, aws);
  }

  static override async start(): Promise<Stand> {
    const clouds = await Clouds.start();
    await clouds.table("deliveries", "deliveryId");
    await clouds.table("builds", "id");
    const { QueueUrl = "" } = await clouds.sqs.send(new CreateQueueCommand({ QueueName: "arm64" }));
    const hooks = Object.fromEntries(Object.keys(CATALOGUE).map((name) => [name, SECRET]));
    await clouds.secret("webhooks", JSON.stringify(hooks));
    const settings: DispatchSettings = {
      organization: OWNER,
      deliveriesTable: "deliveries",
      buildsTable: "builds",
      webhookSecrets: "webhooks",
      bucket: BUCKET,
      queues: { arm64: QueueUrl },
      tagPattern: "v*",
      publicLogs: true,
      github: clouds.access(),
    };
    const server = createServer();
    const silent = createSilentServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const parts = makeParts(settings, CATALOGUE, clouds.client);
    const stand = new Stand(clouds, settings, parts, server, silent);
    server.on("request", async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const event = String(incoming.headers["x-github-event"]);
      const answer = await stand.send({
        rawPath: incoming.url ?? "/",
        requestContext: { http: { method: incoming.method ?? "" } },
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
        isBase64Encoded: false,
      } as LambdaFunctionURLEvent);
      outgoing.writeHead(answer.statusCode, answer.headers).end(answer.body);
      stand.answers.push({ event, answer });
      for (const resolve of stand.#waiting.splice(0)) resolve();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return stand;
  }

  override async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    this.silent.close();
    await super.stop();
  }

  send(event: LambdaFunctionURLEvent): Promise<Answer> {
    return route(this.parts, event, context());
  }

  /** Delivers something that GitHub did not send, and gives the answer. */
  async deliver(
    event: string,
    payload: unknown,
    twist: Twist = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const { statusCode, body } = await this.send(request(event, payload, twist));
    return { status: statusCode, body: JSON.parse(body) };
  }

  /** A repository of the catalogue, with one commit and the webhook. */
  async repository(name: string, { hook = true } = {}): Promise<void> {
    const at = { owner: OWNER, repo: name };
    await this.newRepository(name);
    await this.octokit.rest.issues.createLabel({ ...at, name: "ok-to-build" });
    if (!hook) return;
    const { port } = this.server.address() as AddressInfo;
    await this.octokit.rest.repos.createWebhook({
      ...at,
      events: ["push", "pull_request", "check_run", "check_suite"],
      config: { url: `http://127.0.0.1:${port}/`, content_type: "json", secret: SECRET },
    });
  }

  /** The next answer to a delivery that fits, also one that was given since `from`. */
  async answered(
    fits: (event: string, body: Record<string, unknown>) => boolean,
    from = 0,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    for (let at = from; ; at += 1) {
      while (at >= this.answers.length) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const { event, answer } = this.answers[at] ?? { event: "", answer: { statusCode: 0, body: "{}" } };
      const body: Record<string, unknown> = JSON.parse(answer.body);
      if (fits(event, body)) return { status: answer.statusCode, body };
    }
  }

  /** Takes everything that is in the queue. */
  async jobs(): Promise<BuildJob[]> {
    const bodies = await this.take(this.settings.queues.arm64 ?? "");
    return bodies.map((body) => BuildJob.parse(JSON.parse(body)));
  }

  async item(id: string): Promise<Record<string, unknown> | undefined> {
    return (
      await this.documents.send(new GetCommand({ TableName: "builds", Key: { id }, ConsistentRead: true }))
    ).Item;
  }

  async record(id: string): Promise<BuildRecord> {
    return BuildRecord.parse(await this.item(id));
  }

  /** Ends a build as a runner does. */
  async finish(id: string, state: BuildState): Promise<void> {
    await this.documents.send(
      new UpdateCommand({
        TableName: "builds",
        Key: { id },
        UpdateExpression: "SET #state = :state",
        ConditionExpression: "attribute_exists(id)",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": state },
      }),
    );
  }

  /** Asks until it is so: for what other processes or calls do. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds()));
  }

  async appKey(): Promise<string> {
    return readFileSync(this.github.description.app.privateKeyFile, "utf8");
  }

  /** A port that takes connections and never answers. */
  get silentPort(): number {
    return (this.silent.address() as AddressInfo).port;
  }

  /** The pipeline's check runs on a commit, the oldest first. */
  async checkRuns(repo: string, ref: string, check_name = BUILD_CHECK) {
    const { data } = await this.octokit.rest.checks.listForRef({
      owner: OWNER,
      repo,
      ref,
      check_name,
      filter: "all",
    });
    return [...data.check_runs].sort((a, b) => a.id - b.id);
  }
}

/** What the stand's pipeline builds. `armhf` has no queue. */
export const CATALOGUE: Catalogue = {
  board: { kind: "image", architectures: ["arm64"], bootTest: "tags" },
  forked: { kind: "image", architectures: ["arm64"], bootTest: "tags" },
  tagged: { kind: "rootfs", architectures: ["arm64", "armhf"], bootTest: "never" },
  broken: { kind: "image", architectures: ["arm64"], bootTest: "tags" },
  unserved: { kind: "image", architectures: ["armhf"], bootTest: "tags" },
};
