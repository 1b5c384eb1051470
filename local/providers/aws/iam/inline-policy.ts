import type { IAM } from "@aws-sdk/client-iam";
import type { RolePolicyArgs } from "@pulumi/aws/iam/rolePolicy.js";
import type { UserPolicyArgs } from "@pulumi/aws/iam/userPolicy.js";
import type { Inputs } from "../../framework/resource.ts";
import { unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { decodedPolicy, NO_ENTITY } from "./role.ts";

interface Inline<Args extends object> {
  readonly type: string;
  readonly properties: AwsResource<Args>["properties"];
  /** Whose policy it is, its name and its text. */
  parts(inputs: Inputs<Args>): { readonly owner: string; readonly name: string; readonly policy: string };
  inputs(owner: string, name: string, policy: string): Inputs<Args>;
  put(iam: IAM, owner: string, name: string, policy: string): Promise<unknown>;
  get(iam: IAM, owner: string, name: string): Promise<{ PolicyDocument: string | undefined }>;
  remove(iam: IAM, owner: string, name: string): Promise<unknown>;
}

/** The id is `owner:name`, and neither part has a colon. */
function split(id: string): readonly [string, string] {
  const at = id.indexOf(":");
  if (at < 1) throw new Error(`found id "${id}", expected <owner>:<policy name>`);
  return [id.slice(0, at), id.slice(at + 1)];
}

function inlinePolicy<Args extends object>(inline: Inline<Args>): AwsResource<Args> {
  return {
    type: inline.type,
    properties: inline.properties,
    deleteBeforeReplace: true,
    async create(context, inputs) {
      const { owner, name, policy } = inline.parts(inputs);
      await inline.put(await context.iam(), owner, name, policy);
      return { id: `${owner}:${name}`, outputs: {} };
    },
    async read(context, id) {
      const [owner, name] = split(id);
      const found = await unlessGone(inline.get(await context.iam(), owner, name), ...NO_ENTITY);
      if (found === undefined) return undefined;
      return { inputs: inline.inputs(owner, name, decodedPolicy(found.PolicyDocument)), outputs: {} };
    },
    async update(context, id, inputs) {
      const [owner, name] = split(id);
      await inline.put(await context.iam(), owner, name, inline.parts(inputs).policy);
      return {};
    },
    async delete(context, id) {
      const [owner, name] = split(id);
      await unlessGone(inline.remove(await context.iam(), owner, name), ...NO_ENTITY);
    },
  };
}

const POLICY = { required: true, json: true, unordered: true } as const;

function text(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

export const rolePolicy = inlinePolicy<RolePolicyArgs>({
  type: "aws:iam/rolePolicy:RolePolicy",
  properties: {
    role: { required: true, replace: true },
    name: { required: true, replace: true },
    policy: POLICY,
  },
  parts: ({ role, name = "", policy }) => ({ owner: String(role), name, policy: text(policy) }),
  inputs: (role, name, policy) => ({ role, name, policy }),
  put: (iam, RoleName, PolicyName, PolicyDocument) =>
    iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument }),
  get: (iam, RoleName, PolicyName) => iam.getRolePolicy({ RoleName, PolicyName }),
  remove: (iam, RoleName, PolicyName) => iam.deleteRolePolicy({ RoleName, PolicyName }),
});

export const userPolicy = inlinePolicy<UserPolicyArgs>({
  type: "aws:iam/userPolicy:UserPolicy",
  properties: {
    user: { required: true, replace: true },
    name: { required: true, replace: true },
    policy: POLICY,
  },
  parts: ({ user, name = "", policy }) => ({ owner: user, name, policy: text(policy) }),
  inputs: (user, name, policy) => ({ user, name, policy }),
  put: (iam, UserName, PolicyName, PolicyDocument) =>
    iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
  get: (iam, UserName, PolicyName) => iam.getUserPolicy({ UserName, PolicyName }),
  remove: (iam, UserName, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
});
