import { IAMClient, ListRolesCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ORANGE_PI } from "../support/orange-pi.ts";
import { run } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";

// One story on one cloud: each chapter starts from where the one before it ended.
let stack: TestStack;
let s3: S3Client;
let sqs: SQSClient;

const OWNER = "hypriot";
const UNCHANGED = /Resources:\n {4}\d+ unchanged\n/;

beforeAll(async () => {
  stack = await TestStack.create("lifecycle");
  await stack.run("up");
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  sqs = new SQSClient(stack.aws);
}, 600_000);

afterAll(() => stack.remove(), 300_000);

describe("up", () => {
  it("makes what an ordinary AWS client sees", async () => {
    const { Policy } = await s3.send(
      new GetBucketPolicyCommand({ Bucket: `hypriot-${stack.name}-artifacts` }),
    );
    expect(JSON.parse(Policy ?? "").Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      expect.objectContaining({ Sid: "EverybodyReadsDownloads" }),
    ]);
    const { queues } = await stack.outputs();
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: (queues as { arm64: string }).arm64,
        AttributeNames: ["RedrivePolicy"],
      }),
    );
    expect(JSON.parse(Attributes?.RedrivePolicy ?? "")).toEqual({
      deadLetterTargetArn: expect.stringMatching(
        new RegExp(`:hypriot-${stack.name}-build-arm64-dead-letters$`),
      ),
      maxReceiveCount: 3,
    });
    const { Roles } = await new IAMClient(stack.aws).send(new ListRolesCommand({}));
    expect(Roles?.map(({ RoleName }) => RoleName).sort()).toEqual([
      `hypriot-${stack.name}-dispatch`,
      `hypriot-${stack.name}-downloads`,
      `hypriot-${stack.name}-pins`,
      `hypriot-${stack.name}-publish`,
      `hypriot-${stack.name}-reconcile`,
      `hypriot-${stack.name}-runner-this-machine`,
    ]);
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

describe("a board", () => {
  const key = ["config", "hypriotos:boards", "orange-pi-pc"];

  it("is added by one entry", async () => {
    stack.edit((config) => config.setIn(key, config.createNode(ORANGE_PI)));
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
    // The repository, its board.json, and what downloads knows of it.
    expect(output).toMatch(/ {4}~ 3 updated\n/);
    expect(output).not.toMatch(/ (created|deleted|replaced) \(/);
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
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket: `hypriot-${stack.name}-artifacts` }));

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
      new GetPublicAccessBlockCommand({ Bucket: `hypriot-${stack.name}-artifacts` }),
    );
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      // Here everybody may read the lists of downloads.
      BlockPublicPolicy: false,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: false,
    });
    expect(await stack.run("up")).toMatch(UNCHANGED);
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
      ["ps", "--all", "--quiet", "--filter", `name=hypriot-${stack.name}-`],
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

  it("leaves no name taken: the pipeline can be made again", async () => {
    expect(await stack.run("up")).toMatch(/Resources:\n {4}\+ \d+ created\n/);
  });
});
