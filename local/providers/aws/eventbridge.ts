import type { EventRuleArgs } from "@pulumi/aws/cloudwatch/eventRule.js";
import type { EventTargetArgs } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { given, retag, type Tags, tagList, tagMap, unlessGone } from "./common.ts";
import type { AwsContext, AwsResource } from "./context.ts";

const NONE = "ResourceNotFoundException";
const ENABLED = "ENABLED";

async function ruleOutputs(context: AwsContext, name: string, tags: Tags | undefined) {
  const { Arn } = await (await context.eventbridge()).describeRule({ Name: name });
  return { arn: given(Arn, "rule ARN"), tagsAll: tags ?? {} };
}

/** A rule of the default event bus that a schedule starts. */
export const eventRule: AwsResource<EventRuleArgs> = {
  type: "aws:cloudwatch/eventRule:EventRule",
  properties: {
    name: { required: true, replace: true },
    description: {},
    scheduleExpression: { required: true },
    state: { default: ENABLED },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { name = "", description, scheduleExpression, state, tags }) {
    const eventbridge = await context.eventbridge();
    await eventbridge.putRule({
      Name: name,
      Description: description,
      ScheduleExpression: scheduleExpression,
      State: state === "DISABLED" ? "DISABLED" : "ENABLED",
      Tags: tagList(tags),
    });
    return { id: name, outputs: await ruleOutputs(context, name, tags) };
  },
  async read(context, name) {
    const eventbridge = await context.eventbridge();
    const rule = await unlessGone(eventbridge.describeRule({ Name: name }), NONE);
    if (rule === undefined) return undefined;
    const arn = given(rule.Arn, "rule ARN");
    const tags = tagMap((await eventbridge.listTagsForResource({ ResourceARN: arn })).Tags);
    return {
      inputs: {
        name,
        description: rule.Description || undefined,
        scheduleExpression: rule.ScheduleExpression,
        state: rule.State,
        tags,
      },
      outputs: { arn, tagsAll: tags ?? {} },
    };
  },
  async update(context, name, { description, scheduleExpression, state, tags }, prior) {
    const eventbridge = await context.eventbridge();
    await eventbridge.putRule({
      Name: name,
      Description: description ?? "",
      ScheduleExpression: scheduleExpression,
      State: state === "DISABLED" ? "DISABLED" : "ENABLED",
    });
    const outputs = await ruleOutputs(context, name, tags);
    await retag(
      prior.inputs.tags,
      tags,
      (set) => eventbridge.tagResource({ ResourceARN: outputs.arn, Tags: tagList(set) }),
      (TagKeys) => eventbridge.untagResource({ ResourceARN: outputs.arn, TagKeys }),
    );
    return outputs;
  },
  async delete(context, name) {
    await unlessGone((await context.eventbridge()).deleteRule({ Name: name }), NONE);
  },
};

const targetIdOf = (rule: string, target: string) => `${rule}-${target}`;

async function findTarget(context: AwsContext, rule: string, target: string) {
  const eventbridge = await context.eventbridge();
  const found = await unlessGone(eventbridge.listTargetsByRule({ Rule: rule }), NONE);
  return found?.Targets?.find(({ Id }) => Id === target);
}

/** What a rule starts. */
export const eventTarget: AwsResource<EventTargetArgs> = {
  type: "aws:cloudwatch/eventTarget:EventTarget",
  properties: {
    rule: { required: true, replace: true },
    targetId: { required: true, replace: true },
    arn: { required: true },
    input: { json: true },
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const rule = inputs.rule as string;
    const { targetId = "" } = inputs;
    await putTarget(context, rule, targetId, inputs);
    return { id: targetIdOf(rule, targetId), outputs: {} };
  },
  async read(context, id, prior) {
    // At import the id is `<rule>/<target id>`.
    const [rule = "", target = ""] = prior
      ? [prior.inputs.rule as string, prior.inputs.targetId ?? ""]
      : id.split("/");
    const found = await findTarget(context, rule, target);
    if (found === undefined) return undefined;
    return {
      id: targetIdOf(rule, target),
      inputs: { rule, targetId: target, arn: given(found.Arn, "target ARN"), input: found.Input },
      outputs: {},
    };
  },
  async update(context, _id, inputs) {
    await putTarget(context, inputs.rule as string, inputs.targetId ?? "", inputs);
    return {};
  },
  async delete(context, _id, { inputs }) {
    const eventbridge = await context.eventbridge();
    const Ids = [inputs.targetId ?? ""];
    await unlessGone(eventbridge.removeTargets({ Rule: inputs.rule as string, Ids }), NONE);
  },
};

async function putTarget(
  context: AwsContext,
  rule: string,
  Id: string,
  { arn, input }: { readonly arn: unknown; readonly input?: unknown },
): Promise<void> {
  const { FailedEntries = [] } = await (await context.eventbridge()).putTargets({
    Rule: rule,
    Targets: [{ Id, Arn: String(arn), ...(typeof input === "string" ? { Input: input } : {}) }],
  });
  const [failed] = FailedEntries;
  if (failed !== undefined) throw new Error(`${rule}/${Id}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
}
