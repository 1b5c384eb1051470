import { verify } from "node:crypto";
import { DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { DOWNLOADS_INDEX_KEY, DownloadsIndex } from "../../contracts/downloads.ts";
import { Clone } from "../support/clone.ts";
import { leaveTagBuild } from "../support/tag-build.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

const OWNER = "hypriot";

let stack: TestStack;
let dynamodb: DynamoDBClient;
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  stack = await TestStack.create("push");
  await stack.run("up");
  dynamodb = new DynamoDBClient(stack.aws);
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  Bucket = `hypriot-${stack.name}-artifacts`;
}, 600_000);
afterAll(() => stack.remove(), 300_000);

/** What dispatch keeps of the deliveries that it has done. */
async function deliveries(): Promise<(string | undefined)[]> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: `hypriot-${stack.name}-deliveries` }),
  );
  return Items.map(({ data }) => data?.M?.event?.S);
}

describe("git push", () => {
  it("becomes a queued check run on its commit, and a build; a protected branch refuses it", async () => {
    const repo = "image-builder-rpi";
    const clone = await Clone.of(stack, repo);
    const board = JSON.parse(await clone.git("show", "HEAD:board.json"));
    expect(board).toMatchObject({ name: "raspberry-pi", architecture: "arm64" });
    const ref = await clone.commit("Add htop", { "packages.txt": "htop\n" });
    await expect(clone.push("main")).rejects.toThrow(/GH013/);
    await clone.push("add-htop");
    await until("the commit has a check run", async () => {
      const { data } = await stack.github.rest.checks.listForRef({ owner: OWNER, repo, ref });
      return data.check_runs.some(
        ({ name, external_id }) => name === BUILD_CHECK && external_id === `builds/${repo}/${ref}#1`,
      );
    });
    await until("the job was sent", async () => {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: `hypriot-${stack.name}-builds`,
          Key: { id: { S: `builds/${repo}/${ref}` } },
        }),
      );
      return Item?.sentAt !== undefined;
    });
    await until("the delivery is done", async () => (await deliveries()).includes("push"));
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
    expect(await deliveries()).not.toContain(undefined);
  });
});

describe("logs", () => {
  it("are led to below the receiver's address, and nothing else is", async () => {
    const { webhookUrl } = await stack.outputs();
    const log = new URL(`logs/builds/image-builder-rpi/${"a".repeat(40)}`, String(webhookUrl));
    const response = await fetch(log, { redirect: "manual" });
    expect(response.status).toBe(302);
    expect(new URL(response.headers.get("location") ?? "").pathname).toBe(
      `/hypriot-${stack.name}-artifacts/builds/image-builder-rpi/${"a".repeat(40)}/log.txt`,
    );
    expect((await fetch(new URL("logs/cache/x", String(webhookUrl)))).status).toBe(404);
    expect((await fetch(String(webhookUrl))).status).toBe(405);
  });
});

describe("a release's manifest", () => {
  it("makes the publisher publish the release, with no more than it is allowed", async () => {
    const at = { owner: "hypriot", repo: "image-builder-rpi" };
    const { data: branch } = await stack.github.rest.repos.getBranch({ ...at, branch: "main" });
    const commit = branch.commit.sha;
    await stack.github.rest.git.createRef({ ...at, ref: "refs/tags/v1.0.0", sha: commit });
    const content = "an image";
    const files = { "hypriotos.img.zst": content };
    const repository = "hypriot/image-builder-rpi";
    await leaveTagBuild(s3, Bucket, { repository, tag: "v1.0.0", commit, files });
    await until("the release is published", async () => {
      const { data } = await stack.github.rest.repos.listReleases(at);
      return data.some(({ tag_name, draft }) => tag_name === "v1.0.0" && !draft);
    });
    const { data: release } = await stack.github.rest.repos.getReleaseByTag({ ...at, tag: "v1.0.0" });
    expect(release.assets.map(({ name, size }) => [name, size]).sort()).toEqual([
      ["SHA256SUMS", expect.any(Number)],
      ["SHA256SUMS.sig", expect.any(Number)],
      ["hypriotos.img.zst", content.length],
      ["provenance.intoto.jsonl", expect.any(Number)],
    ]);
    const download = async (name: string) => {
      const asset = release.assets.find((one) => one.name === name);
      return Buffer.from(await (await fetch(asset?.browser_download_url ?? "")).arrayBuffer());
    };
    const { releasePublicKey } = await stack.outputs();
    const [sums, signature] = [await download("SHA256SUMS"), await download("SHA256SUMS.sig")];
    expect(verify("sha256", sums, String(releasePublicKey), signature)).toBe(true);
  });

  it("ends in the list of downloads, by way of the bucket and the topic of releases", async () => {
    const text = await until("the downloads list the release", async () => {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: DOWNLOADS_INDEX_KEY }),
      );
      if (Contents.length === 0) return undefined;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: DOWNLOADS_INDEX_KEY }));
      return Body?.transformToString();
    });
    const index = DownloadsIndex.parse(JSON.parse(text));
    expect(index.boards["raspberry-pi"]).toMatchObject({
      title: "Raspberry Pi 3, 4 and Zero 2",
      latest: { tag: "v1.0.0" },
    });
    const [image] = index.boards["raspberry-pi"]?.latest?.assets ?? [];
    expect(await (await fetch(image?.url ?? "")).text()).toBe("an image");
  });

  it("is listed for everybody, who can read nothing else", async () => {
    const status = async (key: string) => (await fetch(`${stack.aws.endpoint}/${Bucket}/${key}`)).status;
    expect(await status(DOWNLOADS_INDEX_KEY)).toBe(200);
    expect(await status("releases/image-builder-rpi/v1.0.0/release.json")).toBe(403);
    expect(await status("downloads/../releases/image-builder-rpi/v1.0.0/release.json")).toBe(403);
    expect(await status("")).toBe(403);
  });

  it("is told to nobody's topic but this bucket's", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: `other-${stack.name}` }));
    const topic = (await stack.resources()).find(
      ({ type, urn }) => type === "aws:sns/topic:Topic" && urn.endsWith("::releases"),
    );
    const other = s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: `other-${stack.name}`,
        NotificationConfiguration: {
          TopicConfigurations: [{ TopicArn: String(topic?.outputs?.arn), Events: ["s3:ObjectCreated:*"] }],
        },
      }),
    );
    await expect(other).rejects.toThrow("Unable to validate the following destination configurations");
  });

  it("is verified with what each repository has: the key in a file, and in the README", async () => {
    const { releasePublicKey } = await stack.outputs();
    const read = async (path: string) => {
      const at = { owner: "hypriot", repo: "image-builder-banana-pi", path };
      const { data } = await stack.github.rest.repos.getContent(at);
      return Buffer.from((data as { content: string }).content, "base64").toString();
    };
    expect(await read("release-key.pem")).toBe(releasePublicKey);
    expect(await read("README.md")).toContain(String(releasePublicKey).trim());
  });
});
