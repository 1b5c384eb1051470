import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MANIFEST_VERSION, type Manifest, manifestKey } from "../../contracts/manifest.ts";
import { Clone } from "../support/clone.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

const OWNER = "hypriot";

let stack: TestStack;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  stack = await TestStack.create("push");
  await stack.run("up");
  dynamodb = new DynamoDBClient(stack.aws);
}, 600_000);
afterAll(() => stack.remove(), 300_000);

async function deliveries(): Promise<{ event: string | undefined; repository: string | undefined }[]> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: `hypriot-${stack.name}-deliveries` }),
  );
  return Items.map(({ event, repository }) => ({ event: event?.S, repository: repository?.S }));
}

describe("git push", () => {
  it("is delivered, verified and recorded once; a protected branch refuses it", async () => {
    const clone = await Clone.of(stack, "image-builder-rpi");
    const board = JSON.parse(await clone.git("show", "HEAD:board.json"));
    expect(board).toMatchObject({ name: "raspberry-pi", architecture: "arm64" });
    await clone.commit("Add htop", { "packages.txt": "htop\n" });
    await expect(clone.push("main")).rejects.toThrow(/GH013/);
    await clone.push("add-htop");
    await until("the push is recorded", async () =>
      (await deliveries()).some(
        ({ event, repository }) => event === "push" && repository === `${OWNER}/image-builder-rpi`,
      ),
    );
  });

  it("is not believed without its signature", async () => {
    const { webhookUrl } = await stack.outputs();
    const response = await fetch(String(webhookUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "00000000-0000-0000-0000-000000000000",
        "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
      },
      body: JSON.stringify({
        repository: { name: "image-builder-rpi", full_name: "hypriot/image-builder-rpi" },
      }),
    });
    expect(response.status).toBe(401);
    expect((await deliveries()).filter(({ event }) => event === undefined)).toEqual([]);
  });
});

describe("a release's manifest", () => {
  it("is verified and recorded by the publisher", async () => {
    const manifest: Manifest = {
      version: MANIFEST_VERSION,
      repository: "hypriot/image-builder-rpi",
      kind: "image",
      commit: "a".repeat(40),
      trigger: { type: "tag", tag: "v1.0.0" },
      trusted: true,
      architectures: ["arm64"],
      attempt: 1,
      result: "success",
      builder: "sha256:0",
      startedAt: "2026-11-24T10:00:00Z",
      finishedAt: "2026-11-24T10:01:00Z",
      phases: [],
      artifacts: [{ path: "hypriotos.img.zst", size: 1, sha256: "b".repeat(64) }],
    };
    await new S3Client({ ...stack.aws, forcePathStyle: true }).send(
      new PutObjectCommand({
        Bucket: `hypriot-${stack.name}-artifacts`,
        Key: manifestKey(manifest),
        Body: JSON.stringify(manifest),
      }),
    );
    await until("the release is recorded", async () => {
      const { Items = [] } = await dynamodb.send(
        new ScanCommand({ TableName: `hypriot-${stack.name}-releases` }),
      );
      return Items.some(({ release }) => release?.S === "image-builder-rpi/v1.0.0");
    });
  });
});
