import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { Tags } from "./plan/tags.ts";

export interface GithubAppKeyArgs {
  /** Name of the secret. */
  readonly secretName: string;
  /** The App's private key, PEM; secret. */
  readonly privateKey: Input<string>;
  /** Days for which the deleted secret can be brought back; until then its name is taken. 0 deletes at once. */
  readonly secretRecoveryDays: number;
  readonly tags: Tags;
}

/** The private key of the App that functions and runners act as: they get the secret's name and read it themselves. */
export class GithubAppKey extends ComponentResource {
  readonly secretName: Output<string>;
  readonly arn: Output<string>;
  /** Who starts after it finds the key there. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: GithubAppKeyArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:GithubAppKey", name, {}, opts);
    const child = { parent: this };
    const tags = { ...args.tags };
    const key = new Secret(
      name,
      {
        name: args.secretName,
        description: "Private key of the pipeline's GitHub App",
        recoveryWindowInDays: args.secretRecoveryDays,
        tags,
      },
      child,
    );
    const version = new SecretVersion(name, { secretId: key.id, secretString: args.privateKey }, child);
    this.secretName = key.name;
    this.arn = key.arn;
    this.ready = [version];
    this.registerOutputs({ secretName: this.secretName, arn: this.arn });
  }
}

/** How a function or a runner acts on GitHub. */
export interface GithubAppAccess {
  /** Base of the REST API. */
  readonly apiUrl: string;
  readonly appId: number;
  readonly key: GithubAppKey;
}

/** The same, as `GithubAccess` of the contracts. */
export function githubAccess({ apiUrl, appId, key }: GithubAppAccess) {
  return { apiUrl, appId, privateKeySecret: key.secretName };
}
