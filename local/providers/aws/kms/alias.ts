import type { AliasArgs } from "@pulumi/aws/kms/alias.js";
import { AlreadyExists } from "../../framework/errors.ts";
import { given, hasCode, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

async function find(context: AwsContext, name: string) {
  const kms = await context.kms();
  let marker: string | undefined;
  do {
    const page = await kms.listAliases(marker === undefined ? {} : { Marker: marker });
    const found = page.Aliases?.find(({ AliasName }) => AliasName === name);
    if (found !== undefined) return found;
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return undefined;
}

async function outputsOf(context: AwsContext, name: string) {
  return { arn: (await find(context, name))?.AliasArn };
}

export const alias: AwsResource<AliasArgs> = {
  type: "aws:kms/alias:Alias",
  properties: { name: { required: true, replace: true }, targetKeyId: { required: true } },
  deleteBeforeReplace: true,
  async create(context, { name = "", targetKeyId }) {
    try {
      await (await context.kms()).createAlias({ AliasName: name, TargetKeyId: targetKeyId });
    } catch (error) {
      if (hasCode(error, "AlreadyExistsException")) throw new AlreadyExists(name, error);
      throw error;
    }
    return { id: name, outputs: await outputsOf(context, name) };
  },
  async read(context, name) {
    const found = await find(context, name);
    if (found === undefined) return undefined;
    return {
      inputs: { name, targetKeyId: given(found.TargetKeyId, "target key") },
      outputs: { arn: found.AliasArn },
    };
  },
  async update(context, name, { targetKeyId }) {
    await (await context.kms()).updateAlias({ AliasName: name, TargetKeyId: targetKeyId });
    return outputsOf(context, name);
  },
  async delete(context, name) {
    await unlessGone((await context.kms()).deleteAlias({ AliasName: name }), "NotFoundException");
  },
};
