import { createPublicKey } from "node:crypto";
import type { GetPublicKeyArgs } from "@pulumi/aws/kms/getPublicKey.js";
import type { FunctionHandler } from "../../framework/resource.ts";
import { given } from "../common.ts";
import type { AwsContext } from "../context.ts";

export const getPublicKey: FunctionHandler<GetPublicKeyArgs, AwsContext> = {
  token: "aws:kms/getPublicKey:getPublicKey",
  arguments: { keyId: { required: true } },
  async call(context, { keyId }) {
    const answer = await (await context.kms()).getPublicKey({ KeyId: keyId });
    const der = Buffer.from(given(answer.PublicKey, "public key"));
    const pem = createPublicKey({ key: der, format: "der", type: "spki" }).export({
      format: "pem",
      type: "spki",
    });
    return {
      id: answer.KeyId,
      arn: answer.KeyId,
      keyId,
      keyUsage: answer.KeyUsage,
      customerMasterKeySpec: answer.KeySpec,
      signingAlgorithms: answer.SigningAlgorithms ?? [],
      publicKey: der.toString("base64"),
      publicKeyPem: String(pem),
    };
  },
};
