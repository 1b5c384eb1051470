import { output } from "@pulumi/pulumi";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { PUBLISH_SETTINGS_VARIABLE, PublishSettings } from "../contracts/publish-settings.ts";
import { publisherStatements, ReleasePublisher } from "./release-publisher.ts";
import { SigningKey } from "./signing-key.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const publisher = new ReleasePublisher("publish", {
    functionName: "hypriot-test-publish",
    table: "hypriot-test-releases",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    organization: "hypriot",
    builderId: "https://github.example/hypriot#hypriot-test",
    github: appAccess(),
    signingKey: new SigningKey("releases", { alias: "alias/releases", tags: { stack: "test" } }),
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    topic: { arn: output("arn:releases"), ready: [] },
    alarmTopicArn: "arn:topic",
    tags: { stack: "test" },
  });
  expect(await resolved(publisher.functionName)).toBe("hypriot-test-publish");
});

describe("ReleasePublisher", () => {
  it("is told of the manifests of releases and of nothing else", () => {
    expect(only(registered, "BucketNotification").inputs.lambdaFunctions).toEqual([
      expect.objectContaining({
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "releases/",
        filterSuffix: "/manifest.json",
      }),
    ]);
  });

  it("has the bucket tell the topic of what is public and of nothing else", () => {
    expect(only(registered, "BucketNotification").inputs.topics).toEqual([
      expect.objectContaining({
        topicArn: "arn:releases",
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "releases/",
        filterSuffix: "/release.json",
      }),
    ]);
  });

  it("is invoked by its bucket alone", () => {
    expect(only(registered, "lambda/permission:Permission").inputs).toMatchObject({
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::artifacts",
    });
  });

  it("is told where everything is, runs as long as it may, and with as little memory as others", () => {
    const { environment, timeout, memorySize } = only(registered, "lambda/function:Function").inputs;
    const { variables } = environment as { variables: Record<string, string> };
    expect(PublishSettings.parse(JSON.parse(variables[PUBLISH_SETTINGS_VARIABLE] ?? ""))).toEqual({
      organization: "hypriot",
      releasesTable: "hypriot-test-releases",
      bucket: "artifacts",
      builderId: "https://github.example/hypriot#hypriot-test",
      github: {
        apiUrl: "https://api.github.example",
        appId: 7,
        privateKeySecret: "hypriot-test-github-app-key",
      },
      signingKey: { arn: "arn:aws:kms/key:Key:::releases-id", publicKey: "the public key" },
    });
    expect({ timeout, memorySize }).toEqual({ timeout: 900, memorySize: 256 });
  });

  it("may read releases' builds and the App's key, keep its records, announce, and nothing else", () => {
    const statements = publisherStatements({
      bucket: "bucket",
      releases: "table",
      appKey: "key",
      signingKey: "signing",
    });
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:GetObject"], ["bucket/releases/*"]],
      [["s3:PutObject"], ["bucket/releases/*/release.json"]],
      [["dynamodb:GetItem", "dynamodb:UpdateItem"], ["table"]],
      [["secretsmanager:GetSecretValue"], ["key"]],
      [["kms:Sign"], ["signing"]],
    ]);
  });

  it("signs with a key that nobody can read", () => {
    expect(only(registered, "kms/key:Key").inputs).toMatchObject({
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: 30,
    });
  });

  it("keeps an event that keeps failing", () => {
    expect(only(registered, "lambda/function:Function").inputs.deadLetterConfig).toEqual({
      targetArn: "arn:aws:sqs:region:account:hypriot-test-publish-dead-letters",
    });
    const policy = JSON.parse(String(only(registered, "RolePolicy").inputs.policy));
    expect(policy.Statement).toContainEqual({
      Sid: "SendDeadLetters",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: ["arn:aws:sqs:region:account:hypriot-test-publish-dead-letters"],
    });
  });
});
