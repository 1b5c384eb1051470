import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { ReleasePublisher } from "./release-publisher.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const publisher = new ReleasePublisher("publish", {
    functionName: "hypriot-test-publish",
    table: "hypriot-test-releases",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
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

  it("is invoked by its bucket alone", () => {
    expect(only(registered, "lambda/permission:Permission").inputs).toMatchObject({
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::artifacts",
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
