import { beforeAll, describe, expect, it } from "vitest";
import { BuildQueue } from "./build-queue.ts";
import { denyPlainText } from "./plan/policy.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const queue = new BuildQueue("build-arm64", {
    queue: "hypriot-test-build-arm64",
    alarmTopicArn: "arn:topic",
    maxAgeMinutes: 30,
    drainedBy: "docker",
    tags: { stack: "test" },
  });
  expect(await resolved(queue.url)).toBe("https://queue.example/hypriot-test-build-arm64");
});

describe("BuildQueue", () => {
  it("hands a job out three times and then keeps it as a dead letter", () => {
    const { redrivePolicy } = only(registered, "sqs/queue:Queue", "build-arm64").inputs;
    expect(JSON.parse(String(redrivePolicy))).toEqual({
      deadLetterTargetArn: "arn:aws:sqs:region:account:hypriot-test-build-arm64-dead-letters",
      maxReceiveCount: 3,
    });
    const { redriveAllowPolicy } = only(registered, "RedriveAllowPolicy").inputs;
    expect(JSON.parse(String(redriveAllowPolicy))).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: ["arn:aws:sqs:region:account:hypriot-test-build-arm64"],
    });
  });

  it("encrypts both queues and delays no job", () => {
    const queues = registered.filter(({ type }) => type === "aws:sqs/queue:Queue");
    expect(queues.map(({ inputs }) => [inputs.sqsManagedSseEnabled, inputs.delaySeconds])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  it("demands TLS of whoever uses either", () => {
    const policies = registered.filter(({ type }) => type === "aws:sqs/queuePolicy:QueuePolicy");
    expect(policies.map(({ inputs }) => JSON.parse(String(inputs.policy)).Statement)).toEqual([
      [denyPlainText(["arn:aws:sqs:region:account:hypriot-test-build-arm64-dead-letters"], "sqs:*")],
      [denyPlainText(["arn:aws:sqs:region:account:hypriot-test-build-arm64"], "sqs:*")],
    ]);
  });

  it("raises an alarm for a dead letter and for a job that waits too long", () => {
    const alarms = registered.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => [inputs.metricName, inputs.threshold, inputs.alarmActions])).toEqual([
      ["ApproximateNumberOfMessagesVisible", 0, ["arn:topic"]],
      ["ApproximateAgeOfOldestMessage", 1800, ["arn:topic"]],
    ]);
  });
});
