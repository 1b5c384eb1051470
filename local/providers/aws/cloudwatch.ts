import type {
  ComparisonOperator,
  PutMetricAlarmInput,
  StandardUnit,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { AlreadyExists, afterCreate } from "../framework/errors.ts";
import type { Inputs } from "../framework/resource.ts";
import { defined, given, hasCode, retag, type Tags, tagList, tagMap, unlessGone } from "./common.ts";
import type { AwsContext, AwsResource } from "./context.ts";

function toAlarm(inputs: Inputs<MetricAlarmArgs>): PutMetricAlarmInput {
  const strings = (list: readonly unknown[] | undefined): string[] => (list ?? []).map(String);
  return defined({
    AlarmName: inputs.name,
    AlarmDescription: inputs.alarmDescription,
    ActionsEnabled: inputs.actionsEnabled,
    AlarmActions: strings(inputs.alarmActions),
    OKActions: strings(inputs.okActions),
    InsufficientDataActions: strings(inputs.insufficientDataActions),
    ComparisonOperator: inputs.comparisonOperator as ComparisonOperator,
    DatapointsToAlarm: inputs.datapointsToAlarm,
    Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    EvaluationPeriods: inputs.evaluationPeriods,
    MetricName: inputs.metricName,
    Namespace: inputs.namespace,
    Period: inputs.period,
    Statistic: inputs.statistic as Statistic | undefined,
    Threshold: inputs.threshold,
    TreatMissingData: inputs.treatMissingData,
    Unit: inputs.unit as StandardUnit | undefined,
  });
}

async function alarmOutputs(context: AwsContext, name: string, tags: Tags | undefined) {
  const { MetricAlarms } = await (await context.cloudwatch()).describeAlarms({ AlarmNames: [name] });
  return { arn: given(MetricAlarms?.[0]?.AlarmArn, "alarm ARN"), tagsAll: tags ?? {} };
}

export const metricAlarm: AwsResource<MetricAlarmArgs> = {
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  properties: {
    name: { required: true, replace: true },
    alarmDescription: {},
    actionsEnabled: { default: true },
    alarmActions: { unordered: true },
    okActions: { unordered: true },
    insufficientDataActions: { unordered: true },
    comparisonOperator: { required: true },
    datapointsToAlarm: {},
    dimensions: {},
    evaluationPeriods: { required: true },
    metricName: { required: true },
    namespace: { required: true },
    period: { required: true },
    statistic: { required: true },
    threshold: { required: true },
    treatMissingData: { default: "missing" },
    unit: {},
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const name = inputs.name ?? "";
    const cloudwatch = await context.cloudwatch();
    await cloudwatch.putMetricAlarm({ ...toAlarm(inputs), Tags: tagList(inputs.tags) });
    return { id: name, outputs: await alarmOutputs(context, name, inputs.tags) };
  },
  async read(context, name) {
    const cloudwatch = await context.cloudwatch();
    const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmNames: [name] });
    const [alarm] = MetricAlarms ?? [];
    if (alarm === undefined) return undefined;
    const arn = given(alarm.AlarmArn, "alarm ARN");
    const tags = tagMap((await cloudwatch.listTagsForResource({ ResourceARN: arn })).Tags);
    const dimensions = (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]);
    return {
      inputs: {
        name,
        alarmDescription: alarm.AlarmDescription || undefined,
        actionsEnabled: alarm.ActionsEnabled,
        alarmActions: alarm.AlarmActions,
        okActions: alarm.OKActions,
        insufficientDataActions: alarm.InsufficientDataActions,
        comparisonOperator: given(alarm.ComparisonOperator, "comparison operator"),
        datapointsToAlarm: alarm.DatapointsToAlarm,
        dimensions: Object.fromEntries(dimensions),
        evaluationPeriods: given(alarm.EvaluationPeriods, "evaluation periods"),
        metricName: alarm.MetricName,
        namespace: alarm.Namespace,
        period: alarm.Period,
        statistic: alarm.Statistic,
        threshold: alarm.Threshold,
        treatMissingData: alarm.TreatMissingData ?? "missing",
        unit: alarm.Unit,
        tags,
      },
      outputs: { arn, tagsAll: tags ?? {} },
    };
  },
  async update(context, name, inputs, prior) {
    const cloudwatch = await context.cloudwatch();
    await cloudwatch.putMetricAlarm(toAlarm(inputs));
    const outputs = await alarmOutputs(context, name, inputs.tags);
    await retag(
      prior.inputs.tags,
      inputs.tags,
      (set) => cloudwatch.tagResource({ ResourceARN: outputs.arn, Tags: tagList(set) }),
      (TagKeys) => cloudwatch.untagResource({ ResourceARN: outputs.arn, TagKeys }),
    );
    return outputs;
  },
  async delete(context, name) {
    const cloudwatch = await context.cloudwatch();
    await unlessGone(cloudwatch.deleteAlarms({ AlarmNames: [name] }), "ResourceNotFound");
  },
};

const NO_GROUP = "ResourceNotFoundException";

async function findGroup(context: AwsContext, name: string) {
  const logs = await context.logs();
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: name });
  const group = logGroups?.find((candidate) => candidate.logGroupName === name);
  // The older of the two ARNs ends in `:*`, which stands for the group's streams.
  return group && { group, arn: given(group.arn, "log group ARN").replace(/:\*$/, "") };
}

async function putRetention(
  context: AwsContext,
  logGroupName: string,
  days: number | undefined,
): Promise<void> {
  const logs = await context.logs();
  if (days) await logs.putRetentionPolicy({ logGroupName, retentionInDays: days });
  else await logs.deleteRetentionPolicy({ logGroupName });
}

async function groupOutputs(context: AwsContext, name: string, tags: Tags | undefined) {
  const found = await findGroup(context, name);
  return { arn: given(found?.arn, "log group"), tagsAll: tags ?? {} };
}

export const logGroup: AwsResource<LogGroupArgs> = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  properties: {
    name: { required: true, replace: true },
    retentionInDays: { default: 0 },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { name = "", retentionInDays, tags }) {
    const logs = await context.logs();
    try {
      await logs.createLogGroup({ logGroupName: name, ...(tags ? { tags } : {}) });
    } catch (error) {
      if (hasCode(error, "ResourceAlreadyExistsException")) throw new AlreadyExists(name, error);
      throw error;
    }
    const outputs = await groupOutputs(context, name, tags);
    await afterCreate(name, outputs, async () => {
      if (retentionInDays) await putRetention(context, name, retentionInDays);
    });
    return { id: name, outputs };
  },
  async read(context, name) {
    const found = await findGroup(context, name);
    if (found === undefined) return undefined;
    const logs = await context.logs();
    const tags = tagMap((await logs.listTagsForResource({ resourceArn: found.arn })).tags);
    return {
      inputs: { name, retentionInDays: found.group.retentionInDays ?? 0, tags },
      outputs: { arn: found.arn, tagsAll: tags ?? {} },
    };
  },
  async update(context, name, { retentionInDays, tags }, prior) {
    const logs = await context.logs();
    await putRetention(context, name, retentionInDays);
    const outputs = await groupOutputs(context, name, tags);
    await retag(
      prior.inputs.tags,
      tags,
      (set) => logs.tagResource({ resourceArn: outputs.arn, tags: set }),
      (tagKeys) => logs.untagResource({ resourceArn: outputs.arn, tagKeys }),
    );
    return outputs;
  },
  async delete(context, name) {
    await unlessGone((await context.logs()).deleteLogGroup({ logGroupName: name }), NO_GROUP);
  },
};
