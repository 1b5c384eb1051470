import { beforeAll, describe, expect, it } from "vitest";
import { ReleaseTopic, topicStatements } from "./release-topic.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const topic = new ReleaseTopic("releases", {
    topic: "hypriot-test-releases",
    bucketArn: "arn:aws:s3:::artifacts",
    tags: { stack: "test" },
  });
  expect(await resolved(topic.arn)).toBe("arn:aws:sns:region:account:hypriot-test-releases");
});

describe("ReleaseTopic", () => {
  it("takes messages of its bucket in its account, and of nobody else", () => {
    const { arn, policy } = only(registered, "sns/topicPolicy:TopicPolicy").inputs;
    expect(arn).toBe("arn:aws:sns:region:account:hypriot-test-releases");
    expect(JSON.parse(String(policy)).Statement).toEqual(
      topicStatements(String(arn), "arn:aws:s3:::artifacts", "account"),
    );
    expect(topicStatements("topic", "bucket", "account")).toEqual([
      {
        Sid: "BucketTellsOfReleases",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: ["topic"],
        Condition: {
          ArnEquals: { "aws:SourceArn": "bucket" },
          StringEquals: { "aws:SourceAccount": "account" },
        },
      },
    ]);
  });
});
