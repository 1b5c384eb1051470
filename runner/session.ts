import type { S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";

/**
 * What is left of the runner's rights in the session of a stranger's build: write below its own key, and read what
 * `versions.json` may pin.
 */
export function strangerPolicy(bucket: string, key: string): string {
  const arn = `arn:aws:s3:::${bucket}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "WriteOwnBuild",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
        Resource: [`${arn}/${key}/*`],
      },
      {
        Sid: "FindOwnBuild",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [arn],
        Condition: { StringLike: { "s3:prefix": [`${key}/*`] } },
      },
      {
        Sid: "ReadPins",
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: [`${arn}/builds/*`, `${arn}/releases/*`],
      },
    ],
  });
}

/** Before a session ends, another one is taken. */
const RENEW_BEFORE_MS = 5 * 60_000;

type Credentials = Awaited<ReturnType<S3Client["config"]["credentials"]>>;

/** Credentials of sessions of the runner's role that a policy limits; renewed when they are about to end. */
export function limitedCredentials(
  sts: STSClient,
  role: string,
  session: string,
  policy: string,
): () => Promise<Credentials> {
  let current: Promise<Credentials> | undefined;
  let endsAt = 0;
  const take = async (): Promise<Credentials> => {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: role,
        RoleSessionName: session.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64),
        Policy: policy,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new Error(`${role}: found a session without credentials`);
    endsAt = Expiration.getTime();
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
  return () => {
    if (current === undefined || endsAt - Date.now() < RENEW_BEFORE_MS) {
      // Until the new session is there nobody asks for another one.
      endsAt = Number.POSITIVE_INFINITY;
      current = take();
      current.catch(() => {
        current = undefined;
      });
    }
    return current;
  };
}
