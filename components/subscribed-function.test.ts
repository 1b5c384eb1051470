import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { denyPlainText } from "./plan/policy.ts";
import { SubscribedFunction } from "./subscribed-function.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const LETTERS = "arn:aws:sqs:region:account:hypriot-test-downloads-dead-letters";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const subscribed = new SubscribedFunction("downloads", {
    functionName: "hypriot-test-downloads",
    description: "Follows releases",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    environment: {},
    statements: [],
    topicArn: "arn:releases",
    alarmTopicArn: "arn:alarms",
    tags: { stack: "test" },
  });
  expect(await resolved(subscribed.functionName)).toBe("hypriot-test-downloads");
});

describe("SubscribedFunction", () => {
  it("is given the topic's messages, and invoked by that topic alone", () => {
    expect(only(registered, "TopicSubscription").inputs).toMatchObject({
      topic: "arn:releases",
      protocol: "lambda",
      endpoint: "arn:aws:lambda/function:::hypriot-test-downloads",
    });
    expect(only(registered, "lambda/permission:Permission").inputs).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: "arn:releases",
    });
  });

  it("keeps what it failed on, and what the topic could not hand over, with an alarm", () => {
    expect(only(registered, "lambda/function:Function").inputs.deadLetterConfig).toEqual({
      targetArn: LETTERS,
    });
    const { redrivePolicy } = only(registered, "TopicSubscription").inputs;
    expect(JSON.parse(String(redrivePolicy))).toEqual({ deadLetterTargetArn: LETTERS });
    const { policy, queueUrl } = only(registered, "sqs/queuePolicy:QueuePolicy").inputs;
    expect(queueUrl).toBe("https://queue.example/hypriot-test-downloads-dead-letters");
    expect(JSON.parse(String(policy)).Statement).toEqual([
      denyPlainText([LETTERS], "sqs:*"),
      {
        Sid: "TopicKeepsUndelivered",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: [LETTERS],
        Condition: { ArnEquals: { "aws:SourceArn": "arn:releases" } },
      },
    ]);
    expect(only(registered, "MetricAlarm", "downloads-dead-letters").inputs.dimensions).toEqual({
      QueueName: "hypriot-test-downloads-dead-letters",
    });
  });
});
