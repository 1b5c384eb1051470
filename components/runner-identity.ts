import { AccessKey } from "@pulumi/aws/iam/accessKey.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { User } from "@pulumi/aws/iam/user.js";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
  output,
  type Resource,
  secret,
} from "@pulumi/pulumi";
import { policyDocument, type Statement, takeRole, trustPolicy } from "./plan/policy.ts";
import type { Tags } from "./plan/tags.ts";

export interface RunnerIdentityArgs {
  /** Name of the role and of the user that may take it. */
  readonly identity: string;
  readonly statements: Input<readonly Statement[]>;
  readonly tags: Tags;
}

/**
 * Who a runner outside AWS is: a user whose only right is to take the runner's role.
 * The role has the rights; its sessions end by themselves, and the key alone reads and writes nothing.
 */
export class RunnerIdentity extends ComponentResource {
  readonly roleArn: Output<string>;
  /** An AWS shared credentials file with the user's key as profile `runner`. Secret. */
  readonly credentialsFile: Output<string>;
  /** Its rights: who uses it starts after them, and ends before they go. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: RunnerIdentityArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:RunnerIdentity", name, {}, opts);
    const child = { parent: this };
    const tags = { ...args.tags };
    const user = new User(name, { name: args.identity, tags }, child);
    const role = new Role(
      name,
      {
        name: args.identity,
        description: "What a build runner may do",
        assumeRolePolicy: user.arn.apply((arn) => trustPolicy({ user: arn })),
        tags,
      },
      child,
    );
    const rolePolicy = new RolePolicy(
      name,
      {
        name: args.identity,
        role: role.name,
        policy: output(args.statements).apply((statements) => policyDocument(statements)),
      },
      child,
    );
    const userPolicy = new UserPolicy(
      name,
      {
        name: args.identity,
        user: user.name,
        policy: role.arn.apply((arn) => policyDocument([takeRole(arn)])),
      },
      child,
    );
    const key = new AccessKey(name, { user: user.name }, child);
    this.roleArn = role.arn;
    this.credentialsFile = secret(
      interpolate`[runner]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`,
    );
    this.ready = [rolePolicy, userPolicy];
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
