import type { IAM, Role } from "@aws-sdk/client-iam";
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import { AlreadyExists } from "../../framework/errors.ts";
import { given, hasCode, retag, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";

export const NO_ENTITY = ["NoSuchEntity", "NoSuchEntityException"] as const;
export const ENTITY_EXISTS = ["EntityAlreadyExists", "EntityAlreadyExistsException"] as const;

/** IAM gives policy documents back encoded as in a URL. */
export function decodedPolicy(document: string | undefined): string {
  return decodeURIComponent(given(document, "policy document"));
}

function outputsOf(role: Role | undefined, tags: Record<string, string> | undefined) {
  const { Arn, RoleId, CreateDate } = given(role, "role");
  return { arn: Arn, uniqueId: RoleId, createDate: CreateDate, tagsAll: tags ?? {} };
}

function trust(assumeRolePolicy: unknown): string {
  return typeof assumeRolePolicy === "string" ? assumeRolePolicy : JSON.stringify(assumeRolePolicy);
}

/** A role goes only when nothing is attached to it. What is there without being asked for was added by hand. */
async function detachAll(iam: IAM, RoleName: string): Promise<void> {
  const { PolicyNames } = await iam.listRolePolicies({ RoleName });
  for (const PolicyName of PolicyNames ?? []) await iam.deleteRolePolicy({ RoleName, PolicyName });
  const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName });
  for (const { PolicyArn } of AttachedPolicies ?? []) await iam.detachRolePolicy({ RoleName, PolicyArn });
}

export const role: AwsResource<RoleArgs> = {
  type: "aws:iam/role:Role",
  properties: {
    name: { required: true, replace: true },
    assumeRolePolicy: { required: true, json: true, unordered: true },
    description: {},
    forceDetachPolicies: { default: false, writeOnly: true },
    maxSessionDuration: { default: 3600 },
    path: { default: "/", replace: true },
    permissionsBoundary: {},
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const { name = "", description, maxSessionDuration, path, permissionsBoundary, tags } = inputs;
    const iam = await context.iam();
    try {
      const { Role } = await iam.createRole({
        RoleName: name,
        AssumeRolePolicyDocument: trust(inputs.assumeRolePolicy),
        Tags: tagList(tags),
        ...(description ? { Description: description } : {}),
        ...(maxSessionDuration ? { MaxSessionDuration: maxSessionDuration } : {}),
        ...(path ? { Path: path } : {}),
        ...(permissionsBoundary ? { PermissionsBoundary: permissionsBoundary } : {}),
      });
      return { id: name, outputs: { name, ...outputsOf(Role, tags) } };
    } catch (error) {
      throw hasCode(error, ...ENTITY_EXISTS) ? new AlreadyExists(name, error) : error;
    }
  },
  async read(context, name, prior) {
    const iam = await context.iam();
    const found = await unlessGone(iam.getRole({ RoleName: name }), ...NO_ENTITY);
    if (found === undefined) return undefined;
    const role = given(found.Role, "role");
    const tags = tagMap((await iam.listRoleTags({ RoleName: name })).Tags);
    return {
      inputs: {
        name,
        assumeRolePolicy: decodedPolicy(role.AssumeRolePolicyDocument),
        description: role.Description || undefined,
        forceDetachPolicies: prior?.inputs.forceDetachPolicies ?? false,
        maxSessionDuration: role.MaxSessionDuration ?? 3600,
        path: role.Path,
        permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        tags,
      },
      outputs: outputsOf(role, tags),
    };
  },
  async update(context, name, inputs, prior) {
    const iam = await context.iam();
    const { description, maxSessionDuration, permissionsBoundary, tags } = inputs;
    await iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument: trust(inputs.assumeRolePolicy) });
    await iam.updateRoleDescription({ RoleName: name, Description: description ?? "" });
    await iam.updateRole({ RoleName: name, MaxSessionDuration: maxSessionDuration ?? 3600 });
    if (permissionsBoundary) {
      await iam.putRolePermissionsBoundary({ RoleName: name, PermissionsBoundary: permissionsBoundary });
    } else if (prior.inputs.permissionsBoundary) {
      await iam.deleteRolePermissionsBoundary({ RoleName: name });
    }
    await retag(
      prior.inputs.tags,
      tags,
      (set) => iam.tagRole({ RoleName: name, Tags: tagList(set) }),
      (TagKeys) => iam.untagRole({ RoleName: name, TagKeys }),
    );
    const { Role } = await iam.getRole({ RoleName: name });
    return outputsOf(Role, tags);
  },
  async delete(context, name, { inputs }) {
    const iam = await context.iam();
    await unlessGone(
      (async () => {
        if (inputs.forceDetachPolicies) await detachAll(iam, name);
        await iam.deleteRole({ RoleName: name });
      })(),
      ...NO_ENTITY,
    );
  },
};
