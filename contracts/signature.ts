import { z } from "zod";
import { Sha256 } from "./git.ts";

/** The signing key of releases in KMS, and how it signs: ECDSA on P-256 over the file's SHA-256, DER-encoded. */
export const SIGNING_KEY_SPEC = "ECC_NIST_P256";
export const SIGNING_ALGORITHM = "ECDSA_SHA_256";

/** Where every pipeline repository has the public key, PEM. */
export const RELEASE_KEY_FILE = "release-key.pem";

export const SigningKey = z.strictObject({
  /** ARN of the key. */
  arn: z.string().min(1),
  /** PEM. */
  publicKey: z.string().min(1),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** A signature is another each time, so it is kept: `value` in base64, `of` the SHA-256 of what is signed. */
export const Signature = z.object({ of: Sha256, value: z.base64() });
export type Signature = z.infer<typeof Signature>;
