import { verify } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../testing/client.ts";
import { awsProvider } from "./provider.ts";
import { type Lifecycle, live, type Stand, stand } from "./testing/lifecycle.ts";

let here: Stand;

beforeAll(async () => {
  here = await stand();
  const iam = await here.aws.iam();
  await iam.createUser({ UserName: "runner" });
  await iam.createRole({ RoleName: "worker", AssumeRolePolicyDocument: trust("lambda.amazonaws.com") });
  await (await here.aws.secretsmanager()).createSecret({ Name: "versions" });
});
afterAll(() => here.close());

function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

const allow = (action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });

const table = {
  name: "deliveries",
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
};

const lives: readonly Lifecycle[] = [
  {
    type: "aws:iam/role:Role",
    inputs: {
      name: "publisher",
      assumeRolePolicy: trust("lambda.amazonaws.com"),
      description: "Publishes releases",
      tags: { owner: "ci" },
    },
    changed: {
      name: "publisher",
      assumeRolePolicy: trust("codebuild.amazonaws.com"),
      maxSessionDuration: 7200,
    },
    drift: {
      act: async (aws) => {
        const iam = await aws.iam();
        await iam.updateAssumeRolePolicy({
          RoleName: "publisher",
          PolicyDocument: trust("ec2.amazonaws.com"),
        });
        await iam.tagRole({ RoleName: "publisher", Tags: [{ Key: "hand", Value: "made" }] });
      },
      seen: ["assumeRolePolicy", "tags.hand"],
    },
    outputs: { arn: "arn:aws:iam::000000000000:role/publisher" },
  },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    inputs: { role: "worker", name: "work", policy: allow("s3:GetObject") },
    changed: { role: "worker", name: "work", policy: allow("s3:PutObject") },
    drift: {
      act: async (aws) =>
        (await aws.iam()).putRolePolicy({
          RoleName: "worker",
          PolicyName: "work",
          PolicyDocument: allow("*"),
        }),
      seen: ["policy"],
    },
  },
  {
    type: "aws:iam/user:User",
    inputs: { name: "agent", tags: { owner: "ci" } },
    changed: { name: "agent", tags: { owner: "release" } },
    drift: {
      act: async (aws) => (await aws.iam()).untagUser({ UserName: "agent", TagKeys: ["owner"] }),
      seen: ["tags"],
    },
    outputs: { arn: "arn:aws:iam::000000000000:user/agent" },
  },
  {
    type: "aws:iam/userPolicy:UserPolicy",
    inputs: { user: "runner", name: "run", policy: allow("sts:AssumeRole") },
    changed: { user: "runner", name: "run", policy: allow("sqs:ReceiveMessage") },
  },
  {
    type: "aws:iam/accessKey:AccessKey",
    inputs: { user: "runner" },
    changed: { user: "runner", status: "Inactive" },
    drift: {
      act: async (aws, state) =>
        (await aws.iam()).updateAccessKey({ UserName: "runner", AccessKeyId: state.id, Status: "Inactive" }),
      seen: ["status"],
    },
    outputs: { secret: expect.stringMatching(/^.{40}$/) },
  },
  {
    type: "aws:secretsmanager/secret:Secret",
    inputs: {
      name: "webhooks",
      description: "By repository",
      recoveryWindowInDays: 0,
      tags: { owner: "ci" },
    },
    changed: { name: "webhooks", description: "Of webhooks", recoveryWindowInDays: 0 },
    drift: {
      act: async (aws, state) =>
        (await aws.secretsmanager()).updateSecret({ SecretId: state.id, Description: "Mine" }),
      seen: ["description"],
    },
    hidden: ["recoveryWindowInDays"],
  },
  {
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    inputs: { secretId: "versions", secretString: '{"a":"1"}' },
    drift: {
      act: async (aws) =>
        (await aws.secretsmanager()).putSecretValue({ SecretId: "versions", SecretString: "by hand" }),
      seen: ["secretString"],
    },
    outputs: { secretString: '{"a":"1"}' },
    stays: true,
  },
  {
    type: "aws:kms/key:Key",
    inputs: {
      description: "Signs releases",
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: 7,
      tags: { owner: "ci" },
    },
    changed: {
      description: "Signs",
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: 7,
    },
    drift: {
      act: async (aws, state) =>
        (await aws.kms()).updateKeyDescription({ KeyId: state.id, Description: "Mine" }),
      seen: ["description"],
    },
    hidden: ["deletionWindowInDays"],
  },
  {
    type: "aws:dynamodb/table:Table",
    inputs: {
      ...table,
      ttl: { attributeName: "expiresAt", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      tags: { owner: "ci" },
    },
    changed: { ...table, ttl: { attributeName: "until", enabled: true }, tags: { team: "release" } },
    drift: {
      act: async (aws) => {
        const dynamodb = await aws.dynamodb();
        const TableName = table.name;
        await dynamodb.updateContinuousBackups({
          TableName,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        });
        await dynamodb.updateTable({ TableName, DeletionProtectionEnabled: true });
        await dynamodb.updateTimeToLive({
          TableName,
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: false },
        });
      },
      seen: ["deletionProtectionEnabled", "pointInTimeRecovery", "ttl"],
    },
    outputs: { arn: "arn:aws:dynamodb:us-east-1:000000000000:table/deliveries" },
  },
];

test.each(lives)("$type", (life) => live(here, life));

test("a secret that waits for its deletion is not there, and keeps its name", async () => {
  const type = "aws:secretsmanager/secret:Secret";
  const { inputs } = await here.client.check(type, { name: "waiting", recoveryWindowInDays: 7 });
  const state = await here.client.create(type, inputs);
  await here.client.delete(type, state);
  expect(await here.client.read(type, state.id, state)).toBeUndefined();
  await expect(here.client.create(type, inputs)).rejects.toMatchObject({
    details: `create ${type} subject: a secret named waiting waits for its deletion: restore it, or delete it without recovery`,
  });
});

test("an alias leads to a key, whose public half signs for what the key signed", async () => {
  const kms = await here.aws.kms();
  const make = async () =>
    (await kms.createKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" })).KeyMetadata?.KeyId ?? "";
  const [first, second, third] = [await make(), await make(), await make()];
  await live(here, {
    type: "aws:kms/alias:Alias",
    inputs: { name: "alias/releases", targetKeyId: first },
    changed: { name: "alias/releases", targetKeyId: second },
    drift: {
      act: async () => kms.updateAlias({ AliasName: "alias/releases", TargetKeyId: third }),
      seen: ["targetKeyId"],
    },
    outputs: { arn: "arn:aws:kms:us-east-1:000000000000:alias/releases" },
  });
  const answer = await here.client.invoke("aws:kms/getPublicKey:getPublicKey", { keyId: first });
  const Message = Buffer.from("the checksums");
  const { Signature = new Uint8Array() } = await kms.sign({
    KeyId: first,
    Message,
    SigningAlgorithm: "ECDSA_SHA_256",
  });
  expect(verify("sha256", Message, String(answer.publicKeyPem), Signature)).toBe(true);
  expect(answer).toMatchObject({
    keyId: first,
    keyUsage: "SIGN_VERIFY",
    signingAlgorithms: ["ECDSA_SHA_256"],
  });
});

test("a user's wrong secret key is refused, and not repeated", async () => {
  const { endpoint, region } = here.emulator;
  const { AccessKey } = await (await here.aws.iam()).createAccessKey({ UserName: "runner" });
  const client = await connect(awsProvider("7.48.0", {}), {
    region,
    accessKey: AccessKey?.AccessKeyId,
    secretKey: "not-the-secret",
    endpoints: [{ iam: endpoint }],
  });
  await client.configure();
  const inputs = { name: "nobody", assumeRolePolicy: trust("lambda.amazonaws.com") };
  const error: unknown = await client.create("aws:iam/role:Role", inputs).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    details: expect.stringMatching(/^create aws:iam\/role:Role subject: SignatureDoesNotMatch 403: /),
  });
  expect(String(error)).not.toContain("not-the-secret");
  client.close();
});

test("what a user may not do names the action", async () => {
  const { endpoint, region } = here.emulator;
  const { AccessKey } = await (await here.aws.iam()).createAccessKey({ UserName: "runner" });
  const client = await connect(awsProvider("7.48.0", {}), {
    region,
    accessKey: AccessKey?.AccessKeyId,
    secretKey: AccessKey?.SecretAccessKey,
    endpoints: [{ iam: endpoint }],
  });
  await client.configure();
  const inputs = { name: "nobody", assumeRolePolicy: trust("lambda.amazonaws.com") };
  await expect(client.create("aws:iam/role:Role", inputs)).rejects.toMatchObject({
    details: expect.stringMatching(
      /AccessDenied 403: .*user\/runner is not authorized to perform: iam:CreateRole/,
    ),
  });
  client.close();
});
