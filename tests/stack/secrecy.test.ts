import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("secrecy");
  await stack.run("up");
}, 600_000);
afterAll(() => stack.remove(), 300_000);

describe("the state", () => {
  it("keeps every secret encrypted in state", async () => {
    const { aws, github } = stack.cloud;
    const state = JSON.stringify(await stack.resources());
    const leaked = (plain: string) => state.includes(plain);
    const secrets = (await stack.resources())
      .filter(({ type }) => type === "pulumi:index:Stash")
      .map(({ outputs }) => outputs?.output);
    // Of the root filesystem's repository and each board's.
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) {
      expect(secret).toMatchObject({ ciphertext: expect.any(String) });
    }
    const plain = [aws.secretAccessKey, github.token, github.automationToken, "aws_secret_access_key ="];
    expect(plain.filter(leaked)).toEqual([]);
  });
});

describe("the local AWS", () => {
  it("enforces on loopback that plain text is refused", async () => {
    const plain = new SQSClient(stack.aws);
    plain.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-forwarded-proto"] = "http";
        return next(args);
      },
      { step: "build" },
    );
    const { queues } = await stack.outputs();
    const QueueUrl = (queues as { arm64: string }).arm64;
    const look = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    await expect(plain.send(look)).rejects.toMatchObject({ name: "AccessDenied" });
    expect((await new SQSClient(stack.aws).send(look)).Attributes).toBeDefined();
  });

  it("believes nobody without a signature", async () => {
    const { endpoint, accessKeyId } = stack.cloud.aws;
    const as = (id: string) =>
      new S3Client({
        ...stack.aws,
        forcePathStyle: true,
        credentials: { accessKeyId: id, secretAccessKey: "guessed" },
      }).send(new ListBucketsCommand({}));
    await expect(as(accessKeyId)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await expect(as("test")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(as("000000000000")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect((await fetch(endpoint)).status).toBe(403);
    expect((await fetch(new URL("/_ministack/reset", endpoint), { method: "POST" })).status).toBe(403);
  });
});
