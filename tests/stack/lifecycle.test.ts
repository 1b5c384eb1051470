import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";

// One story on one cloud: each chapter starts from where the one before it ended.
let stack: TestStack;
let s3: S3Client;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;

const OWNER = "hypriot";
const UNCHANGED = /Resources:\n {4}\d+ unchanged\n/;

beforeAll(async () => {
  stack = await TestStack.create("lifecycle");
  await stack.run("up");
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  sqs = new SQSClient(stack.aws);
  dynamodb = new DynamoDBClient(stack.aws);
}, 600_000);

afterAll(() => stack.remove(), 300_000);

async function deliveries(): Promise<{ event: string | undefined; repository: string | undefined }[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "hypriot-lifecycle-deliveries" }));
  return Items.map(({ event, repository }) => ({ event: event?.S, repository: repository?.S }));
}

/** Looks until it is so; what is done in the background has no other sign. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("up", () => {
  it("makes what an ordinary AWS client sees", async () => {
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: "hypriot-lifecycle-artifacts" }));
    expect(JSON.parse(Policy ?? "").Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
    const { queues } = await stack.outputs();
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: (queues as { arm64: string }).arm64,
        AttributeNames: ["RedrivePolicy"],
      }),
    );
    expect(JSON.parse(Attributes?.RedrivePolicy ?? "")).toEqual({
      deadLetterTargetArn: expect.stringMatching(/:hypriot-lifecycle-build-arm64-dead-letters$/),
      maxReceiveCount: 3,
    });
    const { Roles } = await new IAMClient(stack.aws).send(new ListRolesCommand({}));
    expect(Roles?.map(({ RoleName }) => RoleName).sort()).toEqual([
      "hypriot-lifecycle-dispatch",
      "hypriot-lifecycle-publish",
      "hypriot-lifecycle-runner-this-machine",
    ]);
  });

  it("enforces on loopback that plain text is refused", async () => {
    const plain = new SQSClient(stack.aws);
    plain.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-forwarded-proto"] = "http";
        return next(args);
      },
      { step: "build" },
    );
    const { queues } = await stack.outputs();
    const QueueUrl = (queues as { arm64: string }).arm64;
    const look = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    await expect(plain.send(look)).rejects.toMatchObject({ name: "AccessDenied" });
    expect((await sqs.send(look)).Attributes).toBeDefined();
  });

  it("believes nobody without a signature", async () => {
    const { endpoint, accessKeyId } = stack.cloud.aws;
    const as = (id: string) =>
      new S3Client({
        ...stack.aws,
        forcePathStyle: true,
        credentials: { accessKeyId: id, secretAccessKey: "guessed" },
      }).send(new ListBucketsCommand({}));
    await expect(as(accessKeyId)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await expect(as("test")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(as("000000000000")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect((await fetch(endpoint)).status).toBe(403);
    expect((await fetch(new URL("/_ministack/reset", endpoint), { method: "POST" })).status).toBe(403);
  });

  it("keeps every secret encrypted in state", async () => {
    const { aws, github } = stack.cloud;
    const state = JSON.stringify(await stack.resources());
    const leaked = (plain: string) => state.includes(plain);
    const secrets = (await stack.resources())
      .filter(({ type }) => type === "pulumi:index:Stash")
      .map(({ outputs }) => outputs?.output);
    expect(secrets).toHaveLength(3);
    for (const secret of secrets) {
      expect(secret).toMatchObject({ ciphertext: expect.any(String) });
    }
    const plain = [aws.secretAccessKey, github.token, github.automationToken, "aws_secret_access_key ="];
    expect(plain.filter(leaked)).toEqual([]);
  });

  it("changes nothing and writes nothing when there is nothing to do", async () => {
    // The order and the dates are the engine's own affair.
    const state = async () =>
      (await stack.resources())
        // A refresh keeps an archive's hash and lets its contents go; a ciphertext is another one each time.
        .map(({ urn, id, inputs, outputs }) =>
          JSON.stringify({ urn, id, inputs, outputs }, (key, value) =>
            key === "assets" || key === "ciphertext" ? undefined : value,
          ),
        )
        .sort();
    const commits = async () =>
      (await stack.github.rest.repos.listCommits({ owner: OWNER, repo: "image-builder-rpi" })).data.length;
    const before = { state: await state(), commits: await commits() };
    expect(await stack.run("up")).toMatch(UNCHANGED);
    expect({ state: await state(), commits: await commits() }).toEqual(before);
  });
});

describe("git push", () => {
  it("is delivered, verified and recorded once; a protected branch refuses it", async () => {
    const { baseUrl, token } = stack.cloud.github;
    const clone = mkdtempSync(join(stack.folder, "clone-"));
    const url = new URL(`${baseUrl.replace(/\/$/, "")}/${OWNER}/image-builder-rpi.git`);
    url.username = "x-access-token";
    url.password = token;
    await run("git", ["clone", "--quiet", url.href, clone], { cwd: stack.folder });
    const board = JSON.parse(await run("git", ["show", "HEAD:board.json"], { cwd: clone }));
    expect(board).toMatchObject({ name: "raspberry-pi", architecture: "arm64" });
    writeFileSync(join(clone, "packages.txt"), "htop\n");
    const author = ["-c", "user.name=porter", "-c", "user.email=porter@localhost"];
    await run("git", [...author, "commit", "--quiet", "-am", "Add htop"], { cwd: clone });
    await expect(run("git", ["push", "origin", "HEAD:main"], { cwd: clone })).rejects.toThrow(/GH013/);
    await run("git", ["push", "origin", "HEAD:add-htop"], { cwd: clone });
    await until("the push is recorded", async () =>
      (await deliveries()).some(
        ({ event, repository }) => event === "push" && repository === `${OWNER}/image-builder-rpi`,
      ),
    );
    rmSync(clone, { recursive: true });
  });

  it("is not believed without its signature", async () => {
    const { webhookUrl } = await stack.outputs();
    const response = await fetch(String(webhookUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "00000000-0000-0000-0000-000000000000",
        "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
      },
      body: JSON.stringify({
        repository: { name: "image-builder-rpi", full_name: "hypriot/image-builder-rpi" },
      }),
    });
    expect(response.status).toBe(401);
    expect((await deliveries()).filter(({ event }) => event === undefined)).toEqual([]);
  });
});

describe("a release's manifest", () => {
  it("is verified and recorded by the publisher", async () => {
    const manifest = {
      version: 1,
      repository: "hypriot/image-builder-rpi",
      commit: "a".repeat(40),
      tag: "v1.0.0",
      artifacts: [{ path: "hypriotos.img.zst", size: 1, sha256: "b".repeat(64) }],
    };
    await s3.send(
      new PutObjectCommand({
        Bucket: "hypriot-lifecycle-artifacts",
        Key: "releases/image-builder-rpi/v1.0.0/manifest.json",
        Body: JSON.stringify(manifest),
      }),
    );
    await until("the release is recorded", async () => {
      const { Items = [] } = await dynamodb.send(
        new ScanCommand({ TableName: "hypriot-lifecycle-releases" }),
      );
      return Items.some(({ release }) => release?.S === "image-builder-rpi/v1.0.0");
    });
  });
});

describe("a board", () => {
  const key = ["config", "hypriotos:boards", "orange-pi-pc"];

  it("is added by one entry", async () => {
    stack.edit((config) =>
      config.setIn(
        key,
        config.createNode({
          title: "Orange Pi PC",
          architecture: "armhf",
          kernel: { package: "linux-image-armmp" },
          boot: {
            method: "u-boot",
            package: "u-boot-sunxi",
            file: "orangepi_pc/u-boot-sunxi-with-spl.bin",
            offsetKiB: 8,
          },
        }),
      ),
    );
    const output = await stack.run("up");
    const destroyed = output.split("\n").filter((line) => /^ \S.* (deleted|replaced)/.test(line));
    // The receiver has to know one more secret; nothing else makes room.
    expect(destroyed.filter((line) => !line.includes("aws:secretsmanager:SecretVersion dispatch"))).toEqual(
      [],
    );
    const { data } = await stack.github.rest.repos.listWebhooks({
      owner: OWNER,
      repo: "image-builder-orange-pi-pc",
    });
    expect(data).toHaveLength(1);
    const rulesets = await stack.github.request("GET /repos/{owner}/{repo}/rulesets", {
      owner: OWNER,
      repo: "image-builder-orange-pi-pc",
    });
    expect(rulesets.data.map(({ target }) => target).sort()).toEqual(["branch", "tag"]);
  });

  it("gets another title without being made anew", async () => {
    stack.edit((config) => config.setIn([...key, "title"], "Orange Pi PC and PC Plus"));
    const output = await stack.run("up");
    expect(output).toMatch(/ {4}~ 2 updated\n/);
    expect(output).not.toMatch(/ (created|deleted|replaced)/);
    const { data } = await stack.github.rest.repos.getContent({
      owner: OWNER,
      repo: "image-builder-orange-pi-pc",
      path: "board.json",
    });
    const content = Buffer.from((data as { content: string }).content, "base64").toString();
    expect(JSON.parse(content).title).toBe("Orange Pi PC and PC Plus");
  });

  it("leaves with its entry", async () => {
    stack.edit((config) => config.deleteIn(key));
    await stack.run("up");
    await expect(
      stack.github.rest.repos.get({ owner: OWNER, repo: "image-builder-orange-pi-pc" }),
    ).rejects.toMatchObject({ status: 404 });
  });
});

describe("what is changed behind the engine's back", () => {
  it("is seen by preview and repaired by up", async () => {
    const repository = { owner: OWNER, repo: "image-builder-banana-pi" };
    const [hook] = (await stack.github.rest.repos.listWebhooks(repository)).data;
    await stack.github.rest.repos.deleteWebhook({ ...repository, hook_id: hook?.id ?? 0 });
    const rulesets = (await stack.github.request("GET /repos/{owner}/{repo}/rulesets", repository)).data;
    const branch = rulesets.find(({ target }) => target === "branch");
    await stack.github.request("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      ...repository,
      ruleset_id: branch?.id ?? 0,
      enforcement: "disabled",
    });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "hypriot-lifecycle-artifacts" }));

    const preview = await stack.run("preview");
    expect(preview).toMatch(/RepositoryWebhook::banana-pi\]/);
    expect(preview).toMatch(/RepositoryRuleset::banana-pi-branch\]/);
    expect(preview).toMatch(/BucketPublicAccessBlock::artifacts\]/);
    await stack.run("up");

    expect((await stack.github.rest.repos.listWebhooks(repository)).data).toHaveLength(1);
    const repaired = await stack.github.request("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      ...repository,
      ruleset_id: branch?.id ?? 0,
    });
    expect(repaired.data.enforcement).toBe("active");
    const { PublicAccessBlockConfiguration } = await s3.send(
      new GetPublicAccessBlockCommand({ Bucket: "hypriot-lifecycle-artifacts" }),
    );
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(await stack.run("up")).toMatch(UNCHANGED);
  });
});

describe("import", () => {
  /** Imports one resource that somebody else made and gives it as it is in state; then state forgets it. */
  async function imported(type: string, id: string) {
    const [name] = type.split(":");
    const provider = (await stack.resources()).find(
      ({ type: found }) => found === `pulumi:providers:${name}`,
    );
    await stack.run(
      "pulumi",
      ...["import", type, "stranger", id, "--provider", `${name}=${provider?.urn}`],
      ...["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--non-interactive"],
    );
    const found = (await stack.resources()).find(({ urn }) => urn.endsWith("::stranger"));
    await stack.run("pulumi", "state", "delete", found?.urn ?? "", "--yes", "--non-interactive");
    return found?.inputs;
  }

  it("takes up a bucket", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "made-by-hand" }));
    expect(await imported("aws:s3/bucket:Bucket", "made-by-hand")).toMatchObject({ bucket: "made-by-hand" });
    await s3.send(new DeleteBucketCommand({ Bucket: "made-by-hand" }));
  });

  it("takes up a repository and its webhook", async () => {
    const repository = { owner: OWNER, repo: "made-by-hand" };
    await stack.github.rest.repos.createInOrg({ org: OWNER, name: repository.repo, description: "By hand" });
    const { data: hook } = await stack.github.rest.repos.createWebhook({
      ...repository,
      events: ["push"],
      config: { url: "http://127.0.0.1:9/", content_type: "json" },
    });
    expect(await imported("github:index/repository:Repository", repository.repo)).toMatchObject({
      name: "made-by-hand",
      description: "By hand",
    });
    expect(
      await imported("github:index/repositoryWebhook:RepositoryWebhook", `${repository.repo}/${hook.id}`),
    ).toMatchObject({ repository: "made-by-hand", events: ["push"] });
    await stack.github.rest.repos.delete(repository);
  });
});

describe("destroy", () => {
  it("leaves nothing behind", async () => {
    await stack.run("pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive");
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
    const iam = new IAMClient(stack.aws);
    const { Roles } = await iam.send(new ListRolesCommand({}));
    const { Users } = await iam.send(new ListUsersCommand({}));
    const { data: repositories } = await stack.github.rest.repos.listForOrg({ org: OWNER });
    const containers = await run(
      "docker",
      ["ps", "--all", "--quiet", "--filter", "name=hypriot-lifecycle-"],
      {
        cwd: stack.folder,
      },
    );
    expect({
      Buckets: Buckets ?? [],
      QueueUrls: QueueUrls ?? [],
      Roles,
      // The one that the local cloud itself makes.
      Users: Users?.filter(({ UserName }) => UserName !== "administrator"),
      repositories,
      containers,
    }).toEqual({
      Buckets: [],
      QueueUrls: [],
      Roles: [],
      Users: [],
      repositories: [],
      containers: "",
    });
    expect((await stack.resources()).map(({ type }) => type)).toEqual([]);
  });
});
