import { describe, expect, it } from "vitest";
import { POLICY_NAMES } from "../../contracts/policies.ts";
import { RULES } from "./all.ts";
import { tagsProtected } from "./github.ts";
import { deadLetters, functionAlarms, logsKept } from "./operations.ts";
import { bucketsGuarded, queuesDemandTls } from "./storage.ts";
import { findings, subject } from "./testing.ts";

const tlsOnly = JSON.stringify({
  Statement: [
    { Effect: "Deny", Principal: "*", Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
  ],
});
function accessBlock(on: boolean) {
  const props = { bucket: "b", blockPublicPolicy: on, restrictPublicBuckets: on };
  return subject("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "artifacts", props);
}
const bucket = subject("aws:s3/bucket:Bucket", "artifacts", { bucket: "b" });
const bucketGuards = [
  accessBlock(true),
  subject(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "artifacts",
    {
      bucket: "b",
    },
  ),
  subject("aws:s3/bucketPolicy:BucketPolicy", "artifacts", { bucket: "b", policy: tlsOnly }),
];
const queue = subject("aws:sqs/queue:Queue", "build", { name: "q", url: "u", redrivePolicy: "{}" });
const letters = subject("aws:sqs/queue:Queue", "letters", { name: "l", url: "v" });
const alarm = (metricName: string, dimensions: object, alarmActions: readonly string[] = ["topic"]) =>
  subject("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", { metricName, dimensions, alarmActions });
const lambda = subject("aws:lambda/function:Function", "dispatch", { name: "f" });
const logs = (retentionInDays?: number) =>
  subject("aws:cloudwatch/logGroup:LogGroup", "dispatch", { name: "/aws/lambda/f", retentionInDays });
const webhook = subject("github:index/repositoryWebhook:RepositoryWebhook", "rootfs", {
  repository: "os-rootfs",
});
const ruleset = (target: string, rules: object, enforcement = "active") =>
  subject("github:index/repositoryRuleset:RepositoryRuleset", target, {
    repository: "os-rootfs",
    target,
    enforcement,
    rules,
  });
const tagRules = { update: true, deletion: true };

describe("stack rules", () => {
  it("buckets-guarded", () => {
    expect(findings(bucketsGuarded, [bucket, ...bucketGuards])).toEqual([]);
    expect(findings(bucketsGuarded, [bucket])).toEqual([
      "artifacts: has no BucketPublicAccessBlock",
      "artifacts: has no BucketServerSideEncryptionConfiguration",
      "artifacts: has no policy that refuses everything but TLS",
    ]);
    expect(findings(bucketsGuarded, [bucket, ...bucketGuards.slice(1), accessBlock(false)])).toEqual([
      "artifacts: blockPublicPolicy is not on, and no downloads are public",
      "artifacts: restrictPublicBuckets is not on, and no downloads are public",
    ]);
    const { Statement } = JSON.parse(tlsOnly);
    const downloads = {
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:b/downloads/*",
    };
    const policy = JSON.stringify({ Statement: [...Statement, downloads] });
    const open = subject("aws:s3/bucketPolicy:BucketPolicy", "artifacts", { bucket: "b", policy });
    expect(findings(bucketsGuarded, [bucket, ...bucketGuards.slice(1, 2), accessBlock(false), open])).toEqual(
      [],
    );
  });

  it("queues-demand-tls", () => {
    const policy = subject("aws:sqs/queuePolicy:QueuePolicy", "build", { queueUrl: "u", policy: tlsOnly });
    expect(findings(queuesDemandTls, [queue, policy])).toEqual([]);
    expect(findings(queuesDemandTls, [queue])).toEqual([
      "build: has no policy that refuses everything but TLS",
    ]);
  });

  it("dead-letters", () => {
    const told = alarm("ApproximateNumberOfMessagesVisible", { QueueName: "l" });
    const untold = alarm("ApproximateNumberOfMessagesVisible", { QueueName: "l" }, []);
    const message =
      "letters: has neither a redrivePolicy nor, as a dead-letter queue, an alarm on its messages";
    expect(findings(deadLetters, [queue, letters, told])).toEqual([]);
    expect(findings(deadLetters, [queue, letters, untold])).toEqual([message]);
  });

  it("function-alarms", () => {
    expect(findings(functionAlarms, [lambda, alarm("Errors", { FunctionName: "f" })])).toEqual([]);
    expect(findings(functionAlarms, [lambda, alarm("Errors", { FunctionName: "other" })])).toEqual([
      "dispatch: has no alarm on Errors that tells somebody",
    ]);
  });

  it("function-logs-kept", () => {
    expect(findings(logsKept, [lambda, logs(30)])).toEqual([]);
    expect(findings(logsKept, [lambda, logs()])).toEqual(["dispatch: its log group has no retentionInDays"]);
    expect(findings(logsKept, [lambda])).toEqual(["dispatch: has no log group /aws/lambda/f"]);
  });

  it("tags-protected", () => {
    expect(findings(tagsProtected, [webhook, ruleset("branch", {}), ruleset("tag", tagRules)])).toEqual([]);
    expect(
      findings(tagsProtected, [webhook, ruleset("tag", { update: true }), ruleset("branch", {}, "disabled")]),
    ).toEqual([
      "rootfs: os-rootfs has no active ruleset that keeps its tags",
      "rootfs: os-rootfs has no active ruleset on its branch",
    ]);
  });
});

describe("all rules", () => {
  it("are those that a stack file may name", () => {
    expect(RULES.map(({ name }) => name).toSorted()).toEqual(POLICY_NAMES.toSorted());
  });
});
