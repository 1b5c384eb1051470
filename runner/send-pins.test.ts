import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendPins } from "./send-pins.ts";
import type { Build } from "./tools.ts";

const CONTENT = "the root filesystem";
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const RELEASE = "http://127.0.0.1:4580/hypriot/os-rootfs/releases/download/v1.0.0";

/** A bucket that has one good object, one that stops in the middle, and one that says it is larger than a disk. */
const bucket = createServer((request, response) => {
  const name = request.url?.split("?")[0]?.split("/").at(-1);
  if (name === "good") response.end(CONTENT);
  else if (name === "hangs") response.writeHead(200, { "content-length": 100 }).write("some");
  else if (name === "large") response.writeHead(200, { "content-length": 2 ** 40 }).flushHeaders();
  else response.writeHead(404).end();
});
let s3: S3Client;

beforeAll(async () => {
  bucket.listen(0, "127.0.0.1");
  await once(bucket, "listening");
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
    forcePathStyle: true,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
});
afterAll(() => {
  bucket.closeAllConnections();
  bucket.close();
});

/** Sends what one pin names; resolves with the files that the container got, and the steps that were told. */
async function send(url: string, digest = sha256, signal = new AbortController().signal) {
  const files: Record<string, string> = {};
  const steps: string[] = [];
  const build = {
    tools: {
      settings: {
        bucket: "artifacts",
        github: { apiUrl: "http://127.0.0.1:4580" },
        limits: { diskMiB: 64 },
      },
      times: { pinIdle: 100 },
    },
    job: { kind: "image", repository: "hypriot/image-builder-rpi", architectures: ["arm64"] },
    s3,
    step: (name: string) => steps.push(name),
  } as unknown as Build;
  const container = {
    async put(tar: Readable) {
      const entries = extract();
      tar.once("error", (error) => entries.destroy(error));
      for await (const entry of tar.pipe(entries)) {
        let content = "";
        for await (const chunk of entry) content += String(chunk);
        files[entry.header.name] = content;
      }
    },
  };
  const document = Buffer.from(JSON.stringify({ version: 1, rootfs: { arm64: { url, sha256: digest } } }));
  await sendPins(build, container, document, signal);
  return { files, steps };
}

describe("a release's asset that versions.json pins", () => {
  it("comes from the bucket, by its digest", async () => {
    expect(await send(`${RELEASE}/good`)).toEqual({
      files: { [`artifacts/${sha256}`]: CONTENT },
      steps: ["pin sent"],
    });
  });

  it("is the builder's to fetch where the bucket lacks it", async () => {
    expect(await send(`${RELEASE}/none`)).toEqual({ files: {}, steps: ["pin left to the builder"] });
  });

  it.each([
    [
      "another digest",
      "good",
      `sha256: found a file with ${sha256} at ${RELEASE}/good, expected ${"0".repeat(64)}`,
    ],
    [
      "more bytes than a build's disk",
      "large",
      `url: found ${2 ** 40} bytes at ${RELEASE}/large, expected at most 64 MiB`,
    ],
  ])("fails the build with %s, by its field", async (_, name, problem) => {
    await expect(send(`${RELEASE}/${name}`, "0".repeat(64))).rejects.toMatchObject({
      failure: "repository",
      problems: [`versions.json: rootfs.arm64.${problem}`],
    });
  });

  it("is tried again where the bucket hangs: that is not the commit's fault", async () => {
    await expect(send(`${RELEASE}/hangs`)).rejects.toThrow(
      "versions.json: rootfs.arm64: nothing came from the bucket for 100 ms",
    );
  });

  it("is broken off when the build is", async () => {
    const control = new AbortController();
    const reason = new Error("the build took too long");
    const sent = send(`${RELEASE}/hangs`, sha256, control.signal);
    bucket.once("request", () => setImmediate(() => control.abort(reason)));
    await expect(sent).rejects.toThrow(/the build took too long|aborted/);
  });
});
