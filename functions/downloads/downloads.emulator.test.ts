import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DownloadsIndex, ImagerList } from "../../contracts/downloads.ts";
import { type PublishedRelease, publishedReleaseKey } from "../../contracts/published-release.ts";
import { type Emulator, startEmulator } from "../../local/providers/aws/testing/emulator.ts";
import { rebuild } from "./rebuild.ts";
import { DownloadsStore } from "./store.ts";
import { DOWNLOADABLES, published, SETTINGS } from "./testing/releases.ts";

const RPI = "image-builder-rpi";

let aws: Emulator;
let bucket: string;
let buckets = 0;

beforeAll(async () => {
  aws = await startEmulator();
});
afterAll(() => aws.stop());
beforeEach(async () => {
  buckets += 1;
  bucket = `artifacts-${buckets}`;
  await s3().send(new CreateBucketCommand({ Bucket: bucket }));
});

function s3(): S3Client {
  const { endpoint, region, credentials } = aws;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
}

async function put(Key: string, Body: string): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

function publish(repository: string, tag: string, changes: Partial<PublishedRelease> = {}): Promise<void> {
  return put(publishedReleaseKey(repository, tag), JSON.stringify(published(repository, tag, changes)));
}

function run(client = s3()) {
  const store = new DownloadsStore(client, bucket);
  return rebuild({ store, settings: { ...SETTINGS, bucket }, downloadables: DOWNLOADABLES });
}

async function read(Key: string): Promise<unknown> {
  const { Body, ContentType } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key }));
  expect(ContentType).toBe("application/json");
  return JSON.parse((await Body?.transformToString()) ?? "");
}

async function tags() {
  const { boards, rootfs } = DownloadsIndex.parse(await read("downloads/index.json"));
  const all = [...Object.values(boards), ...rootfs];
  return Object.fromEntries(
    all.map(({ repository, latest, preRelease }) => [
      repository.replace("hypriot/", ""),
      [latest?.tag, preRelease?.tag],
    ]),
  );
}

const NOTHING = { "image-builder-banana-pi": [undefined, undefined], "os-rootfs": [undefined, undefined] };

describe("the downloads", () => {
  it("are made of what is in the bucket, and written only where something is new", async () => {
    await publish(RPI, "v1.0.0");
    await publish(RPI, "v1.1.0-rc.1");
    await publish("os-rootfs", "v0.1.0");
    await publish("a-repository-that-left", "v9.0.0");
    expect(await run()).toEqual({
      releases: 3,
      skipped: [],
      written: ["downloads/index.json", "downloads/os_list.json"],
    });
    expect(await tags()).toEqual({
      [RPI]: ["v1.0.0", "v1.1.0-rc.1"],
      "image-builder-banana-pi": [undefined, undefined],
      "os-rootfs": ["v0.1.0", undefined],
    });
    const { os_list } = ImagerList.parse(await read("downloads/os_list.json"));
    expect(os_list.map(({ url }) => url)).toEqual(
      ["v1.0.0", "v1.1.0-rc.1"].map(
        (tag) => `https://github.example/hypriot/${RPI}/releases/download/${tag}/hypriotos.img.zst`,
      ),
    );
    expect((await run()).written).toEqual([]);
    // A root filesystem is nothing that the Imager writes.
    await publish("os-rootfs", "v0.2.0");
    expect((await run()).written).toEqual(["downloads/index.json"]);
  });

  it("take the highest version, whenever it was published", async () => {
    for (const tag of ["v2.0.0", "v1.10.0", "v1.9.0"]) await publish(RPI, tag);
    await run();
    await publish(RPI, "v1.10.1");
    expect((await run()).written).toEqual([]);
    expect(await tags()).toEqual({ ...NOTHING, [RPI]: ["v2.0.0", undefined] });
  });

  it("do without documents that are none, and tell which", async () => {
    await publish(RPI, "v1.0.0");
    await put(publishedReleaseKey(RPI, "v4.0.0"), "no JSON");
    await put(publishedReleaseKey(RPI, "v3.0.0"), JSON.stringify(published(RPI, "v3.0.1")));
    await publish(RPI, "v2.0.0", { url: "https://evil.example/" });
    await put(publishedReleaseKey(RPI, "v1.5.0"), "x".repeat(3 * 1024 * 1024));
    expect(await run()).toMatchObject({
      releases: 1,
      skipped: ["v4.0.0", "v3.0.0", "v2.0.0", "v1.5.0"].map((tag) => publishedReleaseKey(RPI, tag)),
    });
    expect(await tags()).toEqual({ ...NOTHING, [RPI]: ["v1.0.0", undefined] });
  });

  it("are made good where somebody has written something else", async () => {
    await publish(RPI, "v1.0.0");
    await put("downloads/index.json", "something else");
    expect((await run()).written).toContain("downloads/index.json");
    expect(await tags()).toEqual({ ...NOTHING, [RPI]: ["v1.0.0", undefined] });
  });
});

describe("runs at the same time", () => {
  it.each(["the first", "another"])("never lose a release that only one of them saw: %s", async (which) => {
    await publish(RPI, "v1.0.0");
    if (which === "another") await run();
    const slow = s3();
    let overtaken = false;
    // Between what it saw and what it writes, another publishes, and is done.
    slow.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutObjectCommand" && !overtaken) {
            overtaken = true;
            await publish(RPI, "v3.0.0");
            await run();
          }
          return next(args);
        },
      { step: "initialize" },
    );
    await publish(RPI, "v2.0.0");
    const { written } = await run(slow);
    expect(overtaken).toBe(true);
    expect(written).toEqual([]);
    expect(await tags()).toEqual({ ...NOTHING, [RPI]: ["v3.0.0", undefined] });
  });

  it("end with all that was published", async () => {
    const minors = Array.from({ length: 12 }, (_, minor) => minor);
    await Promise.all(
      minors.map(async (minor) => {
        await publish(RPI, `v1.${minor}.0`);
        await run();
      }),
    );
    expect(await tags()).toEqual({ ...NOTHING, [RPI]: ["v1.11.0", undefined] });
  });
});
