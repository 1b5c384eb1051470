import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedReleaseKey } from "../../contracts/published-release.ts";
import { sha256 } from "../../tests/support/tag-build.ts";
import { Stand } from "./testing/stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());

const IMAGE = "the image, compressed";
const BMAP = "<bmap><ImageSize> 1879048192 </ImageSize></bmap>";
const FILES = {
  "board.img.zst": IMAGE,
  "board.img.sha256": `${"a".repeat(64)}  board.img\n`,
  "board.bmap": BMAP,
};

/** The ETag tells one writing from another: the content has the time of the publication in it. */
async function etag(repo: string): Promise<string | undefined> {
  const command = new GetObjectCommand({ Bucket: "artifacts", Key: publishedReleaseKey(repo, "v1.0.0") });
  return (await stand.s3.send(command)).ETag;
}

describe("release.json", () => {
  it("tells of what is public: where each asset is, and what an image is when it is extracted", async () => {
    const commit = await stand.repository("told");
    await stand.publish(await stand.tagged("told", "v1.0.0", FILES));
    const release = await stand.announced("told", "v1.0.0");
    const [shown] = await stand.releases("told", "v1.0.0");
    expect(release).toMatchObject({
      version: 1,
      repository: "hypriot/told",
      kind: "image",
      tag: "v1.0.0",
      commit,
      architectures: ["arm64"],
      preRelease: false,
      url: shown?.html_url.replace(/^http:..[^/]+/, stand.proxy.url),
      publishedAt: shown?.published_at,
    });
    const [image, ...others] = release?.assets ?? [];
    expect(image).toEqual({
      name: "board.img.zst",
      path: "board.img.zst",
      url: expect.any(String),
      size: IMAGE.length,
      sha256: sha256(IMAGE),
      extracted: { size: 1_879_048_192, sha256: "a".repeat(64) },
    });
    expect(await (await fetch(image?.url ?? "")).text()).toBe(IMAGE);
    expect(others.map(({ name, path, extracted }) => [name, path, extracted])).toEqual([
      ["board.img.sha256", "board.img.sha256", undefined],
      ["board.bmap", "board.bmap", undefined],
      ["provenance.intoto.jsonl", undefined, undefined],
      ["SHA256SUMS", undefined, undefined],
      ["SHA256SUMS.sig", undefined, undefined],
    ]);
  });

  it("is not written before the release is public, nor of one that is refused", async () => {
    await stand.repository("refused");
    const key = await stand.tagged("refused", "v1.0.0", { image: "content" });
    const unseen: unknown[] = [];
    stand.proxy.expect({
      method: "PATCH",
      path: /refused\/releases\/\d+$/,
      before: async () => {
        unseen.push(await stand.announced("refused", "v1.0.0"));
        await stand.deleteTag("refused", "v1.0.0");
      },
      fault: { kind: "refuse", status: 502 },
    });
    await stand.publish(key);
    expect([...unseen, await stand.announced("refused", "v1.0.0")]).toEqual([undefined, undefined]);
  });

  it("is written once, whatever is published twice", async () => {
    await stand.repository("once");
    const key = await stand.tagged("once", "v1.0.0", FILES);
    await Promise.all([stand.publish(key), stand.publish(key)]);
    const before = await etag("once");
    // Killed before it could remember that all is done.
    await stand.putRecord({ ...(await stand.record("once", "v1.0.0")), state: "publishing" });
    await stand.publish(key);
    expect(await stand.record("once", "v1.0.0")).toMatchObject({ state: "published", attempt: 1 });
    expect(await etag("once")).toBe(before);
    const { Versions } = await stand.s3.send(
      new ListObjectVersionsCommand({ Bucket: "artifacts", Prefix: publishedReleaseKey("once", "v1.0.0") }),
    );
    expect(Versions).toHaveLength(1);
  });

  it("is made up for where the release was published without it", async () => {
    await stand.repository("older");
    const key = await stand.tagged("older", "v1.0.0", FILES);
    const denied = new Error("a bucket that does not take it");
    const { s3 } = stand.publisher();
    s3.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutObjectCommand") throw denied;
          return next(args);
        },
      { step: "initialize" },
    );
    await expect(stand.publish(key, { s3 })).rejects.toBe(denied);
    expect((await stand.releases("older", "v1.0.0")).map(({ draft }) => draft)).toEqual([false]);
    expect(await stand.announced("older", "v1.0.0")).toBeUndefined();
    await stand.publish(key);
    expect(await stand.announced("older", "v1.0.0")).toMatchObject({ tag: "v1.0.0" });
  });

  it("says nothing of an image whose checksum beside it is not the build's any more", async () => {
    await stand.repository("tampered");
    const key = await stand.tagged("tampered", "v1.0.0", FILES);
    const tamper = () =>
      stand.s3
        .send(
          new PutObjectCommand({
            Bucket: "artifacts",
            Key: key.replace(/manifest\.json$/, "board.img.sha256"),
            Body: `${"b".repeat(64)}  board.img\n`,
          }),
        )
        .then(() => undefined);
    stand.proxy.expect({
      method: "PATCH",
      path: /tampered\/releases\/\d+$/,
      before: tamper,
      fault: { kind: "lose", status: 502 },
    });
    await stand.publish(key);
    const release = await stand.announced("tampered", "v1.0.0");
    expect(release?.assets.filter(({ extracted }) => extracted !== undefined)).toEqual([]);
    expect(release?.assets).toHaveLength(6);
  });
});
