import type { EventSourceMappingConfiguration, FunctionResponseType } from "@aws-sdk/client-lambda";
import type { EventSourceMappingArgs } from "@pulumi/aws/lambda/eventSourceMapping.js";
import type { Inputs } from "../../framework/resource.ts";
import { defined, given, retag, type Tags, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { NO_FUNCTION } from "./function.ts";

type Mapping = Inputs<EventSourceMappingArgs>;

function outputsOf(found: EventSourceMappingConfiguration, tags: Tags | undefined) {
  return {
    uuid: given(found.UUID, "mapping id"),
    arn: given(found.EventSourceMappingArn, "mapping ARN"),
    functionArn: given(found.FunctionArn, "function ARN"),
    tagsAll: tags ?? {},
  };
}

/** What may be changed of a mapping. What is not given is taken away. */
function settings({ functionName, batchSize, enabled, functionResponseTypes, scalingConfig }: Mapping) {
  return defined({
    FunctionName: functionName,
    BatchSize: batchSize,
    Enabled: enabled,
    FunctionResponseTypes: (functionResponseTypes ?? []) as FunctionResponseType[],
    ScalingConfig: defined({ MaximumConcurrency: scalingConfig?.maximumConcurrency }),
  });
}

/** Calls a function with the messages of a queue. */
export const eventSourceMapping: AwsResource<EventSourceMappingArgs> = {
  type: "aws:lambda/eventSourceMapping:EventSourceMapping",
  properties: {
    eventSourceArn: { required: true, replace: true },
    functionName: { required: true },
    batchSize: { default: 10 },
    enabled: { default: true },
    functionResponseTypes: { unordered: true },
    scalingConfig: { fields: { maximumConcurrency: true } },
    tags: {},
  },
  async create(context, inputs) {
    const made = await (await context.lambda()).createEventSourceMapping({
      EventSourceArn: given(inputs.eventSourceArn, "event source ARN"),
      ...settings(inputs),
      Tags: inputs.tags ?? {},
    });
    return { id: given(made.UUID, "mapping id"), outputs: outputsOf(made, inputs.tags) };
  },
  async read(context, id) {
    const lambda = await context.lambda();
    const found = await unlessGone(lambda.getEventSourceMapping({ UUID: id }), NO_FUNCTION);
    if (found === undefined) return undefined;
    const { Tags } = await lambda.listTags({ Resource: found.EventSourceMappingArn });
    const tags = tagMap(Tags);
    const { MaximumConcurrency: maximumConcurrency } = found.ScalingConfig ?? {};
    const types = found.FunctionResponseTypes ?? [];
    return {
      inputs: {
        eventSourceArn: found.EventSourceArn,
        functionName: given(found.FunctionArn?.split(":")[6], "function ARN"),
        batchSize: found.BatchSize,
        enabled: !["Disabled", "Disabling"].includes(found.State ?? ""),
        functionResponseTypes: types.length === 0 ? undefined : types,
        scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
        tags,
      },
      outputs: outputsOf(found, tags),
    };
  },
  async update(context, id, inputs, prior) {
    const lambda = await context.lambda();
    const found = await lambda.updateEventSourceMapping({ UUID: id, ...settings(inputs) });
    const Resource = given(found.EventSourceMappingArn, "mapping ARN");
    await retag(
      prior.inputs.tags,
      inputs.tags,
      (Tags) => lambda.tagResource({ Resource, Tags }),
      (TagKeys) => lambda.untagResource({ Resource, TagKeys }),
    );
    return outputsOf(found, inputs.tags);
  },
  async delete(context, id) {
    await unlessGone((await context.lambda()).deleteEventSourceMapping({ UUID: id }), NO_FUNCTION);
  },
};
