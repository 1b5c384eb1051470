import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../local/providers/aws/testing/emulator.ts";
import { type LogReader, serveLog } from "./logs.ts";

const KEY = `builds/board/${"a".repeat(40)}`;

let aws: Emulator;
let reader: LogReader;

beforeAll(async () => {
  aws = await startEmulator();
  const { endpoint, region, credentials } = aws;
  const s3 = new S3Client({ endpoint, region, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: "artifacts" }));
  for (const name of ["log.txt", "manifest.json"]) {
    const Body = `<script>${name}</script>`;
    await s3.send(
      new PutObjectCommand({ Bucket: "artifacts", Key: `${KEY}/${name}`, Body, ContentType: "text/html" }),
    );
  }
  reader = { s3, bucket: "artifacts", publicLogs: true };
});
afterAll(() => aws.stop());

describe("serveLog", () => {
  it("leads to the log for five minutes, and a browser shows it as text", async () => {
    const { statusCode, headers } = await serveLog(reader, `/logs/${KEY}`);
    expect(statusCode).toBe(302);
    const location = new URL(headers.location ?? "");
    expect(location.searchParams.get("X-Amz-Expires")).toBe("300");
    const response = await fetch(location);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toBe("<script>log.txt</script>");
    // Good for this object only.
    location.pathname = location.pathname.replace("log.txt", "manifest.json");
    expect((await fetch(location)).status).toBe(403);
  });

  it.each([
    "",
    "builds/board",
    "builds/../cache",
    `builds/board/${"a".repeat(39)}`,
    `${KEY}/manifest.json`,
    `${KEY}%0a`,
    `cache/board/${"a".repeat(40)}`,
    "releases/board/latest",
    "releases/../v1.0.0",
    `pull-requests/board/0/${"a".repeat(40)}`,
  ])("serves nothing for %j", async (key) => {
    expect(await serveLog(reader, `/logs/${key}`)).toMatchObject({
      statusCode: 404,
      body: '{"problems":["logs: no build has this name"]}',
    });
  });

  it("serves nothing where repositories are private", async () => {
    expect(await serveLog({ ...reader, publicLogs: false }, `/logs/${KEY}`)).toMatchObject({
      statusCode: 404,
      body: '{"problems":["logs: not public in this pipeline"]}',
    });
  });
});
