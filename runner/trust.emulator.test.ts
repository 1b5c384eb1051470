import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";
import { testTools } from "./testing/tools.ts";
import { openBuild } from "./tools.ts";

let stand: RunnerStand;
let s3: S3Client;

beforeAll(async () => {
  stand = await RunnerStand.start();
  const { endpoint, region, credentials } = stand.emulator;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
});

afterAll(() => stand?.close());

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
  expect(await stand.waiting()).toBe(0);
});

const trigger = { type: "pull-request", number: 7 } as const;

describe("a stranger's build", () => {
  test("reads the cache and cannot write it; its artifacts lie below its own prefix", async () => {
    await stand.submit(await stand.commit({ play: `echo shared >/cache/entry; ${GOOD_PLAY}` }));
    expect(await stand.work()).toBe("success");
    const play = `
      cat /cache/entry; echo evil >/cache/entry || echo "no write"; touch /cache/other || echo "no touch"
      ${GOOD_PLAY}`;
    const job = await stand.submit(await stand.commit({ play }), { trigger });
    expect(await stand.work()).toBe("success");
    const log = (await stand.object(job, "log.txt")).split("\n");
    expect(log).toEqual(expect.arrayContaining(["shared", "no write", "no touch"]));
    expect(await stand.manifest(job)).toMatchObject({ trusted: false, result: "success" });
    expect(await stand.objects(job)).toContain("image.img.zst");
    const probe = await stand.submit(
      await stand.commit({ play: `grep -qx shared /cache/entry || exit 1; ${GOOD_PLAY}` }),
    );
    expect(await stand.work()).toBe("success");
    expect(await stand.record(probe)).toMatchObject({ state: "success" });
  });

  test("is kept by a session that can write its own prefix and nothing else", async () => {
    const { tools } = await testTools(stand.config, () => undefined);
    const commit = "1".repeat(40);
    const job = {
      version: 1,
      repository: "hypriot/image-builder-test",
      kind: "image",
      commit,
      trigger,
      trusted: false,
      architectures: ["arm64"],
      attempt: 1,
      checkRun: 1,
    } as const;
    const build = openBuild(tools, { ...job, architectures: ["arm64"] });
    const Bucket = tools.settings.bucket;
    const put = (Key: string) => build.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const own = `pull-requests/image-builder-test/7/${commit}`;
    await put(`${own}/a`);
    const others = [
      "builds/image-builder-test/a",
      "releases/image-builder-test/v1.0.0/a",
      "cache/a",
      "pull-requests/image-builder-test/8/a",
      `pull-requests/image-builder-test/7/${"2".repeat(40)}/a`,
      `${own}a`,
    ];
    for (const key of others) await expect(put(key)).rejects.toMatchObject({ name: "AccessDenied" });
    const read = build.s3.send(new GetObjectCommand({ Bucket, Key: "cache/a" }));
    await expect(read).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("a pin in the artifact bucket", () => {
  const content = "the root filesystem".repeat(1000);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const key = "releases/os-rootfs/v1.0.0/rootfs-arm64-1.0.0.tar.zst";
  const play = `cat /artifacts/* | sha256sum; ls /artifacts; ${GOOD_PLAY}`;
  const pinned = (url: string, digest = sha256) => ({
    play,
    "versions.json": JSON.stringify({ version: 1, rootfs: { arm64: { url, sha256: digest } } }),
  });

  beforeAll(async () => {
    await s3.send(new PutObjectCommand({ Bucket: stand.pipeline.settings.bucket, Key: key, Body: content }));
  });

  const inBucket = () => `s3://${stand.pipeline.settings.bucket}/${key}`;
  const atGithub = () =>
    `${stand.github.description.baseUrl}/hypriot/${key.replace(/^releases\/([^/]+)/, "$1/releases/download")}`;

  test.each([
    ["a trusted build", inBucket, {}],
    ["a stranger's", inBucket, { trigger }],
    ["a trusted build that names it as a release's asset", atGithub, {}],
    ["a stranger's that names it as a release's asset", atGithub, { trigger }],
  ])("is there by its digest when %s begins", async (what, url, given) => {
    const commit = await stand.commit({ ...pinned(url()), note: what });
    const job = await stand.submit(commit, { kind: "image", ...given });
    expect(await stand.work()).toBe("success");
    expect(await stand.object(job, "log.txt")).toContain(`${sha256}  -\n${sha256}\n`);
  });

  test.each([
    [
      "with another digest",
      `s3://hypriot-test-artifacts/${key}`,
      "0".repeat(64),
      `versions.json: rootfs.arm64.sha256: found a file with ${sha256} at s3://hypriot-test-artifacts/${key}, expected ${"0".repeat(64)}`,
    ],
    [
      "that is not there",
      "s3://hypriot-test-artifacts/builds/none/x",
      sha256,
      "versions.json: rootfs.arm64.url: found s3://hypriot-test-artifacts/builds/none/x, where nothing is, expected an artifact",
    ],
    [
      "of another bucket",
      "s3://somebody-elses/builds/none/x",
      sha256,
      "versions.json: rootfs.arm64.url: found s3://somebody-elses/builds/none/x, expected an artifact of s3://hypriot-test-artifacts",
    ],
  ])("%s is an error on the commit", async (_, url, digest, problem) => {
    const job = await stand.submit(await stand.commit(pinned(url, digest)), { kind: "image" });
    expect(await stand.work()).toBe("failure");
    expect(await stand.manifest(job)).toMatchObject({ cause: "repository", problems: [problem] });
    expect((await stand.check(job)).output.summary).toContain(problem);
  });
});
