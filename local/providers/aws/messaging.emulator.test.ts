import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lifecycle, live, type Stand, stand } from "./testing/lifecycle.ts";

let here: Stand;

beforeAll(async () => {
  here = await stand();
  const sqs = await here.aws.sqs();
  for (const QueueName of ["letters", "jobs"]) await sqs.createQueue({ QueueName });
  await (await here.aws.sns()).createTopic({ Name: "alarms" });
  await (await here.aws.eventbridge()).putRule({ Name: "hourly", ScheduleExpression: "rate(1 hour)" });
});
afterAll(() => here.close());

const ARN = "arn:aws:sqs:us-east-1:000000000000";
const TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms";

/** A queue's URL names the host and port of the emulator, so it is known once that runs. */
const urlOf = (name: string): string => `${here.emulator.endpoint}/000000000000/${name}`;

const redrive = (maxReceiveCount: number): string =>
  JSON.stringify({ deadLetterTargetArn: `${ARN}:letters`, maxReceiveCount });

const policy = (action: string, resource: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: resource,
        Condition: { StringEquals: { "aws:PrincipalTag/never": "set" } },
      },
    ],
  });

const alarm = {
  name: "old-jobs",
  alarmDescription: "A job waits for too long",
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: "jobs" },
  statistic: "Maximum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 600,
  period: 60,
  evaluationPeriods: 1,
  treatMissingData: "notBreaching",
  alarmActions: [TOPIC],
  okActions: [TOPIC],
  tags: { owner: "ci" },
};

const lives: readonly (() => Lifecycle)[] = [
  () => ({
    type: "aws:sqs/queue:Queue",
    inputs: {
      name: "builds",
      visibilityTimeoutSeconds: 300,
      messageRetentionSeconds: 345_600,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: redrive(3),
      tags: { owner: "ci" },
    },
    changed: { name: "builds", visibilityTimeoutSeconds: 60, delaySeconds: 5, tags: { team: "release" } },
    drift: {
      act: async (aws, state) => {
        const sqs = await aws.sqs();
        await sqs.setQueueAttributes({ QueueUrl: state.id, Attributes: { RedrivePolicy: redrive(9) } });
        await sqs.untagQueue({ QueueUrl: state.id, TagKeys: ["owner"] });
      },
      seen: ["redrivePolicy", "tags"],
    },
    outputs: { arn: `${ARN}:builds`, url: urlOf("builds") },
  }),
  () => ({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    inputs: { queueUrl: urlOf("jobs"), policy: policy("sqs:*", `${ARN}:jobs`) },
    changed: { queueUrl: urlOf("jobs"), policy: policy("sqs:SendMessage", `${ARN}:jobs`) },
    drift: {
      act: async (aws, state) =>
        (await aws.sqs()).setQueueAttributes({
          QueueUrl: state.id,
          Attributes: { Policy: policy("sqs:ReceiveMessage", `${ARN}:jobs`) },
        }),
      seen: ["policy"],
    },
  }),
  () => ({
    type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    inputs: {
      queueUrl: urlOf("letters"),
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [`${ARN}:jobs`] }),
    },
    changed: {
      queueUrl: urlOf("letters"),
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    },
  }),
  () => ({
    type: "aws:sns/topic:Topic",
    inputs: { name: "releases", displayName: "Releases", tags: { owner: "ci" } },
    changed: { name: "releases", tags: { owner: "release" } },
    drift: {
      act: async (aws, state) =>
        (await aws.sns()).setTopicAttributes({
          TopicArn: state.id,
          AttributeName: "DisplayName",
          AttributeValue: "Something else",
        }),
      seen: ["displayName"],
    },
    outputs: { arn: "arn:aws:sns:us-east-1:000000000000:releases", owner: "000000000000" },
  }),
  () => ({
    type: "aws:sns/topicPolicy:TopicPolicy",
    inputs: { arn: TOPIC, policy: policy("sns:Publish", TOPIC) },
    changed: { arn: TOPIC, policy: policy("sns:Subscribe", TOPIC) },
    drift: {
      act: async (aws) =>
        (await aws.sns()).setTopicAttributes({
          TopicArn: TOPIC,
          AttributeName: "Policy",
          AttributeValue: policy("sns:DeleteTopic", TOPIC),
        }),
      seen: ["policy"],
    },
    outputs: { owner: "000000000000" },
  }),
  () => ({
    type: "aws:sns/topicSubscription:TopicSubscription",
    inputs: { topic: TOPIC, protocol: "email", endpoint: "maintainer@example.test" },
    // Each waits for its confirmation on AWS; the emulator confirms at once.
    outputs: { confirmationWasAuthenticated: expect.any(Boolean) },
  }),
  () => ({
    type: "aws:sns/topicSubscription:TopicSubscription",
    inputs: {
      topic: TOPIC,
      protocol: "sqs",
      endpoint: `${ARN}:jobs`,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}:letters` }),
    },
    changed: { topic: TOPIC, protocol: "sqs", endpoint: `${ARN}:jobs`, rawMessageDelivery: true },
    drift: {
      act: async (aws, state) => {
        const sns = await aws.sns();
        const set = { SubscriptionArn: state.id };
        await sns.setSubscriptionAttributes({
          ...set,
          AttributeName: "RawMessageDelivery",
          AttributeValue: "true",
        });
        await sns.setSubscriptionAttributes({ ...set, AttributeName: "RedrivePolicy", AttributeValue: "" });
      },
      seen: ["rawMessageDelivery", "redrivePolicy"],
    },
  }),
  () => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: alarm,
    changed: { ...alarm, threshold: 900, okActions: [], tags: { team: "release" } },
    drift: {
      act: async (aws) => (await aws.cloudwatch()).disableAlarmActions({ AlarmNames: [alarm.name] }),
      seen: ["actionsEnabled"],
    },
    outputs: { arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:old-jobs" },
  }),
  () => ({
    type: "aws:cloudwatch/eventRule:EventRule",
    inputs: {
      name: "often",
      description: "Often",
      scheduleExpression: "rate(5 minutes)",
      tags: { owner: "ci" },
    },
    changed: { name: "often", scheduleExpression: "rate(10 minutes)", tags: { team: "release" } },
    drift: {
      act: async (aws) => (await aws.eventbridge()).disableRule({ Name: "often" }),
      seen: ["state"],
    },
    outputs: { arn: "arn:aws:events:us-east-1:000000000000:rule/often" },
  }),
  () => ({
    type: "aws:cloudwatch/eventTarget:EventTarget",
    inputs: { rule: "hourly", targetId: "jobs", arn: `${ARN}:jobs` },
    changed: { rule: "hourly", targetId: "jobs", arn: `${ARN}:letters`, input: "{}" },
    drift: {
      act: async (aws) =>
        (await aws.eventbridge()).putTargets({
          Rule: "hourly",
          Targets: [{ Id: "jobs", Arn: `${ARN}:letters` }],
        }),
      seen: ["arn"],
    },
    importId: () => "hourly/jobs",
  }),
  () => ({
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: { name: "/aws/lambda/dispatch", retentionInDays: 14, tags: { owner: "ci" } },
    changed: { name: "/aws/lambda/dispatch", tags: { owner: "release" } },
    drift: {
      act: async (aws) => (await aws.logs()).deleteRetentionPolicy({ logGroupName: "/aws/lambda/dispatch" }),
      seen: ["retentionInDays"],
    },
    outputs: { arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/dispatch" },
  }),
];

test.each(lives.map((life, index) => [index, life] as const))("resource %i", async (_, life) => {
  await live(here, life());
});

test("a queue that exists otherwise is not taken over", async () => {
  const type = "aws:sqs/queue:Queue";
  const { inputs } = await here.client.check(type, { name: "jobs", visibilityTimeoutSeconds: 77 });
  await (await here.aws.sqs()).setQueueAttributes({
    QueueUrl: urlOf("jobs"),
    Attributes: { VisibilityTimeout: "11" },
  });
  await expect(here.client.create(type, inputs)).rejects.toMatchObject({
    details: expect.stringMatching(
      /exists already, is not in the stack's state, and differs in .*visibilityTimeoutSeconds/,
    ),
  });
});
