import { Alias } from "@pulumi/aws/kms/alias.js";
import { getPublicKeyOutput } from "@pulumi/aws/kms/getPublicKey.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { SIGNING_KEY_SPEC } from "../contracts/signature.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface SigningKeyArgs {
  /** `alias/…` */
  readonly alias: string;
  readonly tags: Tags;
}

/** A deleted key can be brought back for so long: without it, nothing new can be signed under the known public key. */
const RECOVERY_DAYS = 30;

/** What signs the checksums of releases. Its private half never leaves KMS. */
export class SigningKey extends ComponentResource {
  readonly arn: Output<string>;
  /** PEM. */
  readonly publicKey: Output<string>;

  constructor(name: string, args: SigningKeyArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:SigningKey", name, {}, opts);
    const child = { parent: this };
    const key = new Key(
      name,
      {
        description: "Signs the checksums of releases",
        customerMasterKeySpec: SIGNING_KEY_SPEC,
        keyUsage: "SIGN_VERIFY",
        deletionWindowInDays: RECOVERY_DAYS,
        tags: { ...componentTags(args.tags, "signing-key") },
      },
      child,
    );
    new Alias(name, { name: args.alias, targetKeyId: key.keyId }, child);
    this.arn = key.arn;
    this.publicKey = getPublicKeyOutput({ keyId: key.keyId }, child).publicKeyPem;
    this.registerOutputs({ arn: this.arn, publicKey: this.publicKey });
  }
}
