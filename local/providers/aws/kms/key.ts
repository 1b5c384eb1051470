import type { CustomerMasterKeySpec, KeyUsageType } from "@aws-sdk/client-kms";
import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import { given, retag, type Tags, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

const GONE = "NotFoundException";

type KmsTag = { readonly TagKey?: string | undefined; readonly TagValue?: string | undefined };

/** Of all services, this one calls a tag's parts so. */
function kmsTags(tags: Tags | undefined): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

function tagsOf(tags: readonly KmsTag[] | undefined): Tags | undefined {
  const own = (tags ?? []).filter(({ TagKey = "" }) => TagKey !== "" && !TagKey.startsWith("aws:"));
  if (own.length === 0) return undefined;
  return Object.fromEntries(own.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

function outputsOf(arn: string | undefined, keyId: string, tags: Tags | undefined) {
  return { arn: given(arn, "key ARN"), keyId, tagsAll: tags ?? {} };
}

async function describe(context: AwsContext, id: string) {
  const kms = await context.kms();
  const found = await unlessGone(kms.describeKey({ KeyId: id }), GONE);
  // A key that waits for its deletion is of no use to anybody.
  return found?.KeyMetadata?.KeyState === "PendingDeletion" ? undefined : found?.KeyMetadata;
}

export const key: AwsResource<KeyArgs> = {
  type: "aws:kms/key:Key",
  properties: {
    description: {},
    customerMasterKeySpec: { default: "SYMMETRIC_DEFAULT", replace: true },
    keyUsage: { default: "ENCRYPT_DECRYPT", replace: true },
    // Not kept by the service: it decides how long a deletion takes.
    deletionWindowInDays: { default: 30, writeOnly: true },
    tags: {},
  },
  async create(context, { description, customerMasterKeySpec, keyUsage, tags }) {
    const { KeyMetadata } = await (await context.kms()).createKey({
      Description: description ?? "",
      KeySpec: (customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") as CustomerMasterKeySpec,
      KeyUsage: (keyUsage ?? "ENCRYPT_DECRYPT") as KeyUsageType,
      Tags: kmsTags(tags),
    });
    const id = given(KeyMetadata?.KeyId, "key id");
    return { id, outputs: outputsOf(KeyMetadata?.Arn, id, tags) };
  },
  async read(context, id) {
    const found = await describe(context, id);
    if (found === undefined) return undefined;
    const { Tags } = await (await context.kms()).listResourceTags({ KeyId: id });
    const tags = tagsOf(Tags);
    return {
      inputs: {
        description: found.Description || undefined,
        customerMasterKeySpec: found.KeySpec,
        keyUsage: found.KeyUsage,
        tags,
      },
      outputs: outputsOf(found.Arn, id, tags),
    };
  },
  async update(context, id, { description, tags }, prior) {
    const kms = await context.kms();
    await kms.updateKeyDescription({ KeyId: id, Description: description ?? "" });
    await retag(
      prior.inputs.tags,
      tags,
      (set) => kms.tagResource({ KeyId: id, Tags: kmsTags(set) }),
      (TagKeys) => kms.untagResource({ KeyId: id, TagKeys }),
    );
    return outputsOf((await describe(context, id))?.Arn, id, tags);
  },
  async delete(context, id, { inputs }) {
    if ((await describe(context, id)) === undefined) return;
    const kms = await context.kms();
    await kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: inputs.deletionWindowInDays ?? 30 });
  },
};
