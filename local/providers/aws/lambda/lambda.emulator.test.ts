import { afterAll, beforeAll, expect, test } from "vitest";
import { zip } from "../../framework/zip.ts";
import { type Lifecycle, live, type Stand, stand } from "../testing/lifecycle.ts";

let here: Stand;

const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ROLE = "arn:aws:iam::000000000000:role/worker";
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:letters";

/** As the engine sends `new AssetArchive({ "index.mjs": new StringAsset(…) })`. */
function archive(text: string): unknown {
  const asset = { [SIGNATURE]: ASSET, hash: `asset of ${text}`, text };
  return { [SIGNATURE]: ARCHIVE, hash: `archive of ${text}`, assets: { "index.mjs": asset } };
}

const code = (answer: string) => archive(`export const handler = async () => "${answer}";`);

const dispatch = {
  name: "dispatch",
  role: ROLE,
  handler: "index.handler",
  runtime: "nodejs20.x",
  architectures: ["arm64"],
  code: code("one"),
};

beforeAll(async () => {
  here = await stand();
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  const iam = await here.aws.iam();
  await iam.createRole({ RoleName: "worker", AssumeRolePolicyDocument: JSON.stringify(policy) });
  const letters = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE }],
  };
  await iam.putRolePolicy({
    RoleName: "worker",
    PolicyName: "letters",
    PolicyDocument: JSON.stringify(letters),
  });
  await (await here.aws.sqs()).createQueue({ QueueName: "letters" });
  await (await here.aws.lambda()).createFunction({
    FunctionName: "receiver",
    Role: ROLE,
    Handler: "index.handler",
    Runtime: "nodejs20.x",
    Code: {
      ZipFile: await zip([{ name: "index.mjs", content: Buffer.from("export const handler = () => {};") }]),
    },
  });
});
afterAll(() => here.close());

async function answerOf(name: string): Promise<unknown> {
  const { Payload } = await (await here.aws.lambda()).invoke({ FunctionName: name });
  return JSON.parse(Payload?.transformToString() ?? "null");
}

const lives: readonly Lifecycle[] = [
  {
    type: "aws:lambda/function:Function",
    inputs: {
      ...dispatch,
      description: "Sends jobs",
      timeout: 10,
      memorySize: 256,
      environment: { variables: { TABLE: "deliveries" } },
      deadLetterConfig: { targetArn: QUEUE },
      tags: { owner: "ci" },
    },
    changed: { ...dispatch, code: code("two"), reservedConcurrentExecutions: 2, tags: { team: "release" } },
    drift: {
      act: async (aws) => {
        const lambda = await aws.lambda();
        const FunctionName = "dispatch";
        await lambda.updateFunctionConfiguration({
          FunctionName,
          Environment: { Variables: { TABLE: "other" } },
        });
        const ZipFile = await zip([{ name: "index.mjs", content: Buffer.from("export const handler = 1;") }]);
        await lambda.updateFunctionCode({ FunctionName, ZipFile });
        await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 1 });
      },
      seen: ["code", "environment.variables.TABLE", "reservedConcurrentExecutions"],
    },
    hidden: ["code"],
    outputs: {
      arn: "arn:aws:lambda:us-east-1:000000000000:function:dispatch",
      invokeArn:
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dispatch/invocations",
    },
  },
  {
    type: "aws:lambda/functionUrl:FunctionUrl",
    inputs: { functionName: "receiver", authorizationType: "NONE" },
    changed: { functionName: "receiver", authorizationType: "AWS_IAM" },
    drift: {
      act: async (aws) =>
        (await aws.lambda()).updateFunctionUrlConfig({ FunctionName: "receiver", AuthType: "AWS_IAM" }),
      seen: ["authorizationType"],
    },
    outputs: {
      functionUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/_aws\/lambda-url\/[a-z0-9]+\/$/),
    },
  },
  {
    type: "aws:lambda/permission:Permission",
    inputs: {
      statementId: "public-url",
      function: "receiver",
      action: "lambda:InvokeFunctionUrl",
      principal: "*",
      functionUrlAuthType: "NONE",
    },
    drift: {
      act: async (aws) => {
        const lambda = await aws.lambda();
        const statement = { FunctionName: "receiver", StatementId: "public-url" };
        await lambda.removePermission(statement);
        await lambda.addPermission({ ...statement, Action: "lambda:InvokeFunctionUrl", Principal: "*" });
      },
      seen: ["functionUrlAuthType"],
    },
    importId: () => "receiver/public-url",
  },
  {
    type: "aws:lambda/permission:Permission",
    inputs: {
      statementId: "bucket",
      function: "receiver",
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::artifacts",
      sourceAccount: "000000000000",
    },
    importId: () => "receiver/bucket",
  },
  {
    type: "aws:lambda/permission:Permission",
    inputs: {
      statementId: "public-invoke",
      function: "receiver",
      action: "lambda:InvokeFunction",
      principal: "*",
      invokedViaFunctionUrl: true,
    },
    importId: () => "receiver/public-invoke",
  },
];

test.each(lives)("$type", (life) => live(here, life));

test("the archive's code is what runs, before and after an update", async () => {
  const type = "aws:lambda/function:Function";
  const { inputs } = await here.client.check(type, { ...dispatch, name: "answer" });
  const created = await here.client.create(type, inputs);
  expect(await answerOf("answer")).toBe("one");
  const updated = await here.client.update(type, created, { ...inputs, code: code("two") });
  expect(await answerOf("answer")).toBe("two");
  expect(updated.outputs.codeSha256).not.toBe(created.outputs.codeSha256);
  await here.client.delete(type, updated);
});
