import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { SIGNING_ALGORITHM, type Signature } from "../../contracts/signature.ts";
import { CHECKSUM_FILE, ownAsset, type PlannedAsset, type ReleasePlan, SIGNATURE_FILE } from "./plan.ts";

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

function checksumFile({ assets }: ReleasePlan): PlannedAsset {
  const found = assets.find(({ name }) => name === CHECKSUM_FILE);
  if (found === undefined) throw new Error(`found no ${CHECKSUM_FILE} in the plan`);
  return found;
}

/** The signature that is known, if it is of this plan's checksums, or a new one. */
export async function signatureOf(
  plan: ReleasePlan,
  known: Signature | undefined,
  sign: Sign,
): Promise<Signature> {
  const { sha256: of } = checksumFile(plan);
  return known?.of === of ? known : { of, value: await sign(of) };
}

/** The plan with the signature of its checksums as the last asset. */
export function withSignature(plan: ReleasePlan, { value }: Signature): ReleasePlan {
  return { ...plan, assets: [...plan.assets, ownAsset(SIGNATURE_FILE, Buffer.from(value, "base64"))] };
}
