import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { awsEmulatorPython } from "../../scripts/setup-steps/aws-emulator.js";
import { createContext } from "../../scripts/setup-steps/context.js";
import { cloudHealth, readCloud, startCloud, stopCloud } from "./cloud.ts";
import { processStart } from "./lock.js";
import { CloudError, type CloudInfo, type CloudSettings } from "./types.ts";

/** Ports that nobody listens on now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, "close");
    }),
  );
  return ports;
}

let settings: CloudSettings;
let lines: string[] = [];
const log = (line: string) => void lines.push(line);

beforeAll(async () => {
  const [awsPort, githubPort] = await freePorts(2);
  settings = {
    stateDir: mkdtempSync(join(tmpdir(), "hypriotos-cloud-")),
    aws: { endpoint: `http://127.0.0.1:${awsPort}`, region: "us-east-1" },
    github: { baseUrl: `http://127.0.0.1:${githubPort}` },
    organization: "hypriot",
    awsPython: awsEmulatorPython(createContext()),
  };
});
beforeEach(() => {
  lines = [];
});
afterEach(() => stopCloud(settings.stateDir, () => undefined));
afterAll(() => rmSync(settings.stateDir, { recursive: true, force: true }));

function clients({ aws }: CloudInfo) {
  const config = { endpoint: aws.endpoint, region: aws.region, credentials: aws, maxAttempts: 1 };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sqs: new SQSClient(config),
    secrets: new SecretsManagerClient(config),
  };
}

it("starts both parts, and a second start leaves them alone", async () => {
  const first = await startCloud(settings, log);
  expect(lines).toHaveLength(2);
  expect(await startCloud(settings, log)).toEqual(first);
  expect(lines).toHaveLength(2);
  expect(readCloud(settings.stateDir)).toEqual(first);
  expect(statSync(join(settings.stateDir, "cloud.json")).mode & 0o777).toBe(0o600);
  const health = await cloudHealth(settings.stateDir);
  expect([health.aws.state, health.github.state]).toEqual(["healthy", "healthy"]);
});

it("starts one cloud when two commands start it at once", async () => {
  const [first, second] = await Promise.all([startCloud(settings, log), startCloud(settings, log)]);
  expect(second).toEqual(first);
});

// The emulator trusts the root key whatever the signature; functions and runners have keys of their own.
it("checks the signatures and the policies of users", async () => {
  const { aws } = await startCloud(settings, log);
  const config = { endpoint: aws.endpoint, region: aws.region, maxAttempts: 1 };
  const iam = new IAMClient({ ...config, credentials: aws });
  await iam.send(new CreateUserCommand({ UserName: "someone" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "someone" }));
  const read = (secretAccessKey: string) => {
    const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey };
    return new SQSClient({ ...config, credentials }).send(new ListQueuesCommand({}));
  };
  await expect(read("forged")).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  await expect(read(AccessKey?.SecretAccessKey ?? "")).rejects.toMatchObject({ name: "AccessDenied" });
});

it("keeps what AWS knows over stop and start, its credentials too", async () => {
  const before = clients(await startCloud(settings, log));
  await before.s3.send(new CreateBucketCommand({ Bucket: "kept-bucket" }));
  await before.s3.send(new PutObjectCommand({ Bucket: "kept-bucket", Key: "a/b", Body: "content" }));
  await before.secrets.send(new CreateSecretCommand({ Name: "kept", SecretString: "value" }));
  const { QueueUrl } = await before.sqs.send(new CreateQueueCommand({ QueueName: "kept" }));
  await before.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "job" }));
  await stopCloud(settings.stateDir, log);
  expect(readCloud(settings.stateDir)).toBeUndefined();
  expect((await cloudHealth(settings.stateDir)).aws.state).toBe("stopped");

  const after = clients(await startCloud(settings, log));
  const object = await after.s3.send(new GetObjectCommand({ Bucket: "kept-bucket", Key: "a/b" }));
  expect(await object.Body?.transformToString()).toBe("content");
  expect((await after.secrets.send(new GetSecretValueCommand({ SecretId: "kept" }))).SecretString).toBe(
    "value",
  );
  const { Messages } = await after.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["job"]);
});

it("starts anew just the part that was killed", async () => {
  const before = await startCloud(settings, log);
  process.kill(before.aws.pid, "SIGKILL");
  await expect.poll(() => processStart(before.aws.pid)).toBeUndefined();
  expect((await cloudHealth(settings.stateDir)).aws).toMatchObject({ state: "stopped" });
  lines = [];
  const after = await startCloud(settings, log);
  expect(after.github.pid).toBe(before.github.pid);
  expect(after.aws.pid).not.toBe(before.aws.pid);
  expect(lines[0]).toBe("AWS: had ended without being told to, starting it anew");
  expect((await cloudHealth(settings.stateDir)).aws.state).toBe("healthy");
});

it("says which port is taken, by whom, and which key to change, for all parts at once", async () => {
  const strangers = await Promise.all(
    [settings.aws.endpoint, settings.github.baseUrl].map(async (url) => {
      const server = createServer().listen(Number(new URL(url).port), "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  try {
    const error = await startCloud(settings, log).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CloudError);
    const expected = [
      `AWS: port ${new URL(settings.aws.endpoint).port} is taken by process ${process.pid} \\(.+\\): end it, or write another port into hypriotos:providers\\.aws\\.endpoint of the stack file`,
      `GitHub: port ${new URL(settings.github.baseUrl).port} is taken by process ${process.pid} \\(.+\\): end it, or write another port into hypriotos:providers\\.github\\.baseUrl of the stack file`,
    ];
    expect(String(error)).toMatch(new RegExp(`^CloudError: ${expected.join("\\n")}$`));
  } finally {
    for (const server of strangers) server.close();
  }
});

it("never touches a process that got the number of one of its own", async () => {
  await startCloud(settings, log);
  await stopCloud(settings.stateDir, log);
  const note = { pid: process.pid, start: "1", url: settings.aws.endpoint, key: "" };
  const file = join(settings.stateDir, "run/aws.json");
  writeFileSync(file, JSON.stringify(note));
  expect((await cloudHealth(settings.stateDir)).aws.state).toBe("stopped");
  const { aws } = await startCloud(settings, log);
  expect(aws.pid).not.toBe(process.pid);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: aws.pid });
});

it("moves with its state when the stack file names another port", async () => {
  const before = await startCloud(settings, log);
  await clients(before).s3.send(new CreateBucketCommand({ Bucket: "moved-bucket" }));
  await clients(before).s3.send(new PutObjectCommand({ Bucket: "moved-bucket", Key: "k", Body: "v" }));
  const [port] = await freePorts(1);
  const moved = { ...settings, aws: { ...settings.aws, endpoint: `http://127.0.0.1:${port}` } };
  const after = await startCloud(moved, log);
  expect(after.github.pid).toBe(before.github.pid);
  expect(after.aws.endpoint).toBe(moved.aws.endpoint);
  const object = await clients(after).s3.send(new GetObjectCommand({ Bucket: "moved-bucket", Key: "k" }));
  expect(await object.Body?.transformToString()).toBe("v");
});
