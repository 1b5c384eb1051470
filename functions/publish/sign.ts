import { createHash } from "node:crypto";
import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { SIGNING_ALGORITHM, type Signature } from "../../contracts/signature.ts";

/** Signs a SHA-256 in hex; resolves with the signature in base64. */
export type Sign = (sha256: string) => Promise<string>;

export function signer(kms: KMSClient, keyArn: string): Sign {
  return async (sha256) => {
    const { Signature } = await kms.send(
      new SignCommand({
        KeyId: keyArn,
        Message: Buffer.from(sha256, "hex"),
        MessageType: "DIGEST",
        SigningAlgorithm: SIGNING_ALGORITHM,
      }),
    );
    if (Signature === undefined) throw new Error(`${keyArn}: found no signature in the answer`);
    return Buffer.from(Signature).toString("base64");
  };
}

/** The signature that is known, if it is of this content, or a new one: no two signatures are the same. */
export async function signatureOf(
  content: Buffer,
  known: Signature | undefined,
  sign: Sign,
): Promise<Signature> {
  const of = createHash("sha256").update(content).digest("hex");
  return known?.of === of ? known : { of, value: await sign(of) };
}
