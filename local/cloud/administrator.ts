import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type RootCredentials, writePrivate } from "./aws.ts";
import type { ProcessNote } from "./process.ts";

const USER = "administrator";

const recordSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  /** The emulator process that knew the key when it was last looked at. */
  knownTo: z.object({ pid: z.number(), start: z.string() }),
});

/** An access key of an IAM user. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Account {
  readonly endpoint: string;
  readonly region: string;
}

async function isValid(account: Account, credentials: AccessKey): Promise<boolean> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  try {
    // A copy: the client writes into what it is given.
    await new STSClient({ ...account, credentials: { ...credentials } }).send(
      new GetCallerIdentityCommand({}),
    );
    return true;
  } catch {
    return false;
  }
}

/** Makes the user anew, whatever is left of it: a key's secret is shown once, and may be lost with its file. */
async function create(account: Account, root: RootCredentials): Promise<AccessKey> {
  const { IAM } = await import("@aws-sdk/client-iam");
  const iam = new IAM({ ...account, credentials: { ...root } });
  try {
    await iam.createUser({ UserName: USER });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EntityAlreadyExistsException") throw error;
    const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: USER });
    for (const { AccessKeyId } of AccessKeyMetadata)
      await iam.deleteAccessKey({ UserName: USER, AccessKeyId });
  }
  const everything = { Effect: "Allow", Action: "*", Resource: "*" };
  await iam.putUserPolicy({
    UserName: USER,
    PolicyName: USER,
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [everything] }),
  });
  const { AccessKey } = await iam.createAccessKey({ UserName: USER });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error("IAM gave no access key");
  return { accessKeyId, secretAccessKey };
}

/**
 * The key that people and the engine use. It is not root's: the emulator checks neither root's signature nor what
 * bucket policies say of root, and with an administrator it checks both.
 */
export async function administratorKey(
  stateDir: string,
  account: Account,
  root: RootCredentials,
  { pid, start }: ProcessNote,
): Promise<AccessKey> {
  const file = join(stateDir, "aws", "administrator.json");
  const known = existsSync(file) ? recordSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
  if (known !== undefined) {
    const { knownTo, ...key } = known;
    if (knownTo.pid === pid && knownTo.start === start) return key;
    if (await isValid(account, key)) {
      writePrivate(file, JSON.stringify({ ...key, knownTo: { pid, start } }));
      return key;
    }
  }
  const key = await create(account, root);
  writePrivate(file, JSON.stringify({ ...key, knownTo: { pid, start } }));
  return key;
}
