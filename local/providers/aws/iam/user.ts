import type { IAM, User } from "@aws-sdk/client-iam";
import type { UserArgs } from "@pulumi/aws/iam/user.js";
import { AlreadyExists } from "../../framework/errors.ts";
import { given, hasCode, retag, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { ENTITY_EXISTS, NO_ENTITY } from "./role.ts";

function outputsOf(user: User | undefined, tags: Record<string, string> | undefined) {
  const { Arn, UserId } = given(user, "user");
  return { arn: Arn, uniqueId: UserId, tagsAll: tags ?? {} };
}

/** A user goes only without access keys and inline policies: `forceDestroy` takes those that were added by hand. */
async function strip(iam: IAM, UserName: string): Promise<void> {
  const { AccessKeyMetadata } = await iam.listAccessKeys({ UserName });
  for (const { AccessKeyId } of AccessKeyMetadata ?? []) await iam.deleteAccessKey({ UserName, AccessKeyId });
  const { PolicyNames } = await iam.listUserPolicies({ UserName });
  for (const PolicyName of PolicyNames ?? []) await iam.deleteUserPolicy({ UserName, PolicyName });
}

export const user: AwsResource<UserArgs> = {
  type: "aws:iam/user:User",
  properties: {
    // The official provider renames in place; here the name is the id, and an id does not change in an update.
    name: { required: true, replace: true },
    path: { default: "/", replace: true },
    forceDestroy: { default: false, writeOnly: true },
    permissionsBoundary: {},
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { name = "", path, permissionsBoundary, tags }) {
    const iam = await context.iam();
    try {
      const { User } = await iam.createUser({
        UserName: name,
        Tags: tagList(tags),
        ...(path ? { Path: path } : {}),
        ...(permissionsBoundary ? { PermissionsBoundary: permissionsBoundary } : {}),
      });
      return { id: name, outputs: outputsOf(User, tags) };
    } catch (error) {
      throw hasCode(error, ...ENTITY_EXISTS) ? new AlreadyExists(name, error) : error;
    }
  },
  async read(context, name, prior) {
    const iam = await context.iam();
    const found = await unlessGone(iam.getUser({ UserName: name }), ...NO_ENTITY);
    if (found === undefined) return undefined;
    const user = given(found.User, "user");
    const tags = tagMap((await iam.listUserTags({ UserName: name })).Tags);
    return {
      inputs: {
        name,
        path: user.Path,
        forceDestroy: prior?.inputs.forceDestroy ?? false,
        permissionsBoundary: user.PermissionsBoundary?.PermissionsBoundaryArn,
        tags,
      },
      outputs: outputsOf(user, tags),
    };
  },
  async update(context, name, { permissionsBoundary, tags }, prior) {
    const iam = await context.iam();
    if (permissionsBoundary) {
      await iam.putUserPermissionsBoundary({ UserName: name, PermissionsBoundary: permissionsBoundary });
    } else if (prior.inputs.permissionsBoundary) {
      await iam.deleteUserPermissionsBoundary({ UserName: name });
    }
    await retag(
      prior.inputs.tags,
      tags,
      (set) => iam.tagUser({ UserName: name, Tags: tagList(set) }),
      (TagKeys) => iam.untagUser({ UserName: name, TagKeys }),
    );
    const { User } = await iam.getUser({ UserName: name });
    return outputsOf(User, tags);
  },
  async delete(context, name, { inputs }) {
    const iam = await context.iam();
    await unlessGone(
      (async () => {
        if (inputs.forceDestroy) await strip(iam, name);
        await iam.deleteUser({ UserName: name });
      })(),
      ...NO_ENTITY,
    );
  },
};
