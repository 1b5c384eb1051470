import type { ResourceRule, StackRule, Subject } from "./rule.ts";
import { list, record, shown } from "./values.ts";

const FUNCTION = "aws:lambda/function:Function";
const QUEUE = "aws:sqs/queue:Queue";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

export const logsKept: StackRule = {
  name: "function-logs-kept",
  description: "Every function has a log group of its own that forgets after a set time",
  reason:
    "A group that Lambda makes by itself is kept for ever, and none before the first call has a permission.",
  fix: "Make functions with the LambdaFunction component.",
  severity: "medium",
  level: "mandatory",
  *checkStack(subjects) {
    const groups = new Map(
      subjects
        .filter(({ type }) => type === LOG_GROUP)
        .map(({ props }) => [String(props.name), Number(props.retentionInDays ?? 0)]),
    );
    for (const { urn, type, props } of subjects) {
      if (type !== FUNCTION) continue;
      const days = groups.get(`/aws/lambda/${String(props.name)}`);
      if (days === undefined) yield { urn, message: `has no log group /aws/lambda/${shown(props.name)}` };
      else if (days <= 0) yield { urn, message: "its log group has no retentionInDays" };
    }
  },
};

/** The alarms that tell somebody, by `<metric> <dimension's value>`. */
function alarms(subjects: readonly Subject[]): ReadonlySet<string> {
  return new Set(
    subjects
      .filter(({ type, props }) => type === ALARM && list(props.alarmActions).length > 0)
      .flatMap(({ props }) =>
        Object.values(record(props.dimensions)).map(
          (value) => `${String(props.metricName)} ${String(value)}`,
        ),
      ),
  );
}

export const functionAlarms: StackRule = {
  name: "function-alarms",
  description: "Every function has an alarm for its errors",
  reason: "A receiver that fails loses builds, and nobody looks at its log by chance.",
  fix: "Make functions with the LambdaFunction component.",
  severity: "medium",
  level: "mandatory",
  *checkStack(subjects) {
    const told = alarms(subjects);
    for (const { urn, type, props } of subjects) {
      if (type === FUNCTION && !told.has(`Errors ${String(props.name)}`)) {
        yield { urn, message: "has no alarm on Errors that tells somebody" };
      }
    }
  },
};

export const deadLetters: StackRule = {
  name: "dead-letters",
  description: "Every queue has a dead-letter queue, and every dead-letter queue an alarm",
  reason: "What cannot be processed must neither block the rest nor be lost unseen.",
  fix: "Make queues with the BuildQueue or the DeadLetterQueue component.",
  severity: "high",
  level: "mandatory",
  *checkStack(subjects) {
    const told = alarms(subjects);
    const queues = subjects.filter(({ type }) => type === QUEUE);
    for (const { urn, props } of queues) {
      if (props.redrivePolicy) continue;
      // Without one of its own it must be one.
      if (!told.has(`ApproximateNumberOfMessagesVisible ${String(props.name)}`)) {
        yield {
          urn,
          message: "has neither a redrivePolicy nor, as a dead-letter queue, an alarm on its messages",
        };
      }
    }
  },
};

/** What carries tags, and must. */
const TAGGED = new Set([
  "aws:s3/bucket:Bucket",
  "aws:sns/topic:Topic",
  "aws:secretsmanager/secret:Secret",
  "aws:kms/key:Key",
  "aws:iam/role:Role",
  "aws:iam/user:User",
  "aws:dynamodb/table:Table",
  FUNCTION,
  QUEUE,
  ALARM,
  LOG_GROUP,
]);
const REQUIRED_TAGS = ["project", "stack", "component"] as const;

export const requiredTags: ResourceRule = {
  name: "required-tags",
  description: "Every AWS resource that can be tagged says project, stack and component",
  reason: "Bills, inventories and clean-ups go by tags.",
  fix: "Pass componentTags(args.tags, …) on.",
  severity: "low",
  level: "mandatory",
  check: ({ type, props }) => {
    if (!TAGGED.has(type)) return [];
    const tags = record(props.tags);
    return REQUIRED_TAGS.filter((tag) => !tags[tag]).map((tag) => `the tag ${tag} is missing`);
  },
};
