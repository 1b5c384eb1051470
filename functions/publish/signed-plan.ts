import type { Manifest } from "../../contracts/manifest.ts";
import { STATEMENT_MEDIA_TYPE } from "../../contracts/provenance.ts";
import type { Signature, SigningKey } from "../../contracts/signature.ts";
import type { PinnedFile } from "./pins.ts";
import {
  ownAsset,
  PROVENANCE_FILE,
  planRelease,
  type ReleasePlan,
  SIGNATURE_FILE,
  withChecksums,
} from "./plan.ts";
import { envelopeLine, keyId, preAuthEncoding, provenanceStatement } from "./provenance.ts";
import { type Sign, signatureOf } from "./sign.ts";

/** The signatures that a release has. */
export interface Signatures {
  /** Of the provenance. */
  readonly provenance?: Signature | undefined;
  /** Of the checksums. */
  readonly signature?: Signature | undefined;
}

export interface SignedPlanInput {
  readonly manifest: Manifest;
  readonly tag: string;
  readonly pins: readonly PinnedFile[];
  readonly webUrl: string;
  readonly builderId: string;
  readonly key: SigningKey;
  readonly sign: Sign;
  readonly known: Signatures;
  /** Must be done before anything is uploaded: what is signed anew is another file. */
  readonly remember: (signatures: Signatures) => Promise<void>;
}

/** Everything of a release: its artifacts, their provenance, the checksums of both, and the signature of those. */
export async function signedPlan(input: SignedPlanInput): Promise<ReleasePlan> {
  const { manifest, tag, key, sign, known, remember } = input;
  const artifacts = planRelease(manifest, tag);
  const statement = JSON.stringify(provenanceStatement({ ...input, plan: artifacts }));
  const provenance = await signatureOf(
    preAuthEncoding(STATEMENT_MEDIA_TYPE, statement),
    known.provenance,
    sign,
  );
  const envelope = envelopeLine(statement, provenance.value, keyId(key.publicKey));
  const { checksums, ...plan } = withChecksums({
    ...artifacts,
    assets: [...artifacts.assets, ownAsset(PROVENANCE_FILE, Buffer.from(envelope))],
  });
  const signature = await signatureOf(checksums, known.signature, sign);
  await remember({ provenance, signature });
  const file = ownAsset(SIGNATURE_FILE, Buffer.from(signature.value, "base64"));
  return { ...plan, assets: [...plan.assets, file] };
}
