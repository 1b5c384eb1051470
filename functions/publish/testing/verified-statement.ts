import { crypto, dsse } from "@sigstore/core";
import { DsseEnvelope, ProvenanceStatement } from "../../../contracts/provenance.ts";

/**
 * The statement in a line of DSSE, verified as Sigstore's own tools do: their encoding, their check of the signature.
 * Throws where it is not signed by the key (PEM), or is no SLSA provenance.
 */
export function verifiedStatement(line: string, publicKey: string): ProvenanceStatement {
  const { payloadType, payload, signatures } = DsseEnvelope.parse(JSON.parse(line));
  const content = Buffer.from(payload, "base64");
  const signed = dsse.preAuthEncoding(payloadType, content);
  const key = crypto.createPublicKey(publicKey);
  const [first] = signatures;
  if (first === undefined || !crypto.verify(signed, key, Buffer.from(first.sig, "base64"), "sha256"))
    throw new Error("the provenance is not signed by the key");
  return ProvenanceStatement.parse(JSON.parse(content.toString("utf8")));
}
