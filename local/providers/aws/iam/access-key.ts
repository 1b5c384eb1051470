import type { IAM, StatusType } from "@aws-sdk/client-iam";
import type { AccessKeyArgs } from "@pulumi/aws/iam/accessKey.js";
import { given, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { NO_ENTITY } from "./role.ts";

async function find(iam: IAM, UserName: string, id: string) {
  const keys = await unlessGone(iam.listAccessKeys({ UserName }), ...NO_ENTITY);
  return keys?.AccessKeyMetadata?.find(({ AccessKeyId }) => AccessKeyId === id);
}

async function ownerOf(iam: IAM, AccessKeyId: string): Promise<string | undefined> {
  return (await unlessGone(iam.getAccessKeyLastUsed({ AccessKeyId }), ...NO_ENTITY))?.UserName;
}

export const accessKey: AwsResource<AccessKeyArgs> = {
  type: "aws:iam/accessKey:AccessKey",
  properties: {
    user: { required: true, replace: true },
    status: { default: "Active" },
  },
  // AWS tells the secret once, when the key is made.
  secretOutputs: ["secret"],
  async create(context, { user, status }) {
    const iam = await context.iam();
    const key = given((await iam.createAccessKey({ UserName: user })).AccessKey, "access key");
    const id = given(key.AccessKeyId, "access key id");
    if (status !== "Active") {
      await iam.updateAccessKey({ UserName: user, AccessKeyId: id, Status: status as StatusType });
    }
    return { id, outputs: { secret: key.SecretAccessKey, createDate: key.CreateDate } };
  },
  async read(context, id, prior) {
    const iam = await context.iam();
    const user = prior?.inputs.user ?? (await ownerOf(iam, id));
    const key = user === undefined ? undefined : await find(iam, user, id);
    if (user === undefined || key === undefined) return undefined;
    return {
      inputs: { user, status: key.Status },
      outputs: { secret: prior?.outputs.secret, createDate: key.CreateDate },
    };
  },
  async update(context, id, { user, status }, prior) {
    const iam = await context.iam();
    await iam.updateAccessKey({ UserName: user, AccessKeyId: id, Status: status as StatusType });
    return { secret: prior.outputs.secret, createDate: prior.outputs.createDate };
  },
  async delete(context, id, { inputs }) {
    const iam = await context.iam();
    await unlessGone(iam.deleteAccessKey({ UserName: inputs.user, AccessKeyId: id }), ...NO_ENTITY);
  },
};
