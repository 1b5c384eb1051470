import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VersionsDocument } from "../../contracts/versions.ts";
import { buildCheck, download, finished, readManifest } from "../support/builds.ts";
import { Clone } from "../support/clone.ts";
import { run } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

/** From nothing to a tested SD card image, by what a developer does: clone, commit, push, open a pull request, merge. */

const IMAGE = "image-builder-rpi";
const ROOTFS = "os-rootfs";
const FAILING_SPEC = `# frozen_string_literal: true

describe file("/etc/porter") do
  it { is_expected.to be_file }
end
`;

let stack: TestStack;
let s3: S3Client;
let bucket: string;
/** The Raspberry Pi's root filesystem as its build left it. */
let rootfs: { readonly url: string; readonly sha256: string; readonly key: string };

beforeAll(async () => {
  stack = await TestStack.create("pipeline");
  // One architecture: the other takes as long again and shows nothing else.
  stack.edit((config) => config.deleteIn(["config", "hypriotos:boards", "banana-pi"]));
  await stack.run("up");
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  bucket = String((await stack.outputs()).artifactBucket);
}, 900_000);
afterAll(() => stack.remove(), 300_000);

const owner = () => stack.cloud.github.organization;

async function openPullRequest(repository: string, branch: string, title: string): Promise<number> {
  const { data } = await stack.github.rest.pulls.create({
    owner: owner(),
    repo: repository,
    title,
    head: branch,
    base: "main",
  });
  return data.number;
}

function merge(repository: string, number: number) {
  return stack.github.rest.pulls.merge({
    owner: owner(),
    repo: repository,
    pull_number: number,
    merge_method: "squash",
  });
}

describe("the root filesystem", () => {
  it("is built and tested by a push to its repository", { timeout: 900_000 }, async () => {
    const clone = await Clone.of(stack, ROOTFS);
    const commit = await clone.commit("First build", {});
    await clone.push("first-build");
    await until(
      "the commit has a check run",
      async () => (await buildCheck(stack, ROOTFS, commit)) !== undefined,
    );
    const check = await finished(stack, ROOTFS, commit);
    expect(check.conclusion, check.output.summary ?? "").toBe("success");

    const key = `builds/${ROOTFS}/${commit}`;
    const manifest = await readManifest(s3, bucket, key);
    expect(manifest).toMatchObject({ commit, kind: "rootfs", result: "success", architectures: ["arm64"] });
    expect(manifest.tests).toMatchObject({ failures: 0 });
    const artifact = manifest.artifacts.find(({ path }) => path.endsWith(".tar.zst"));
    if (artifact === undefined) throw new Error("the manifest lists no root filesystem");
    rootfs = {
      url: `s3://${bucket}/${key}/${artifact.path}`,
      sha256: artifact.sha256,
      key: `${key}/${artifact.path}`,
    };
  });
});

describe("a pull request to the Raspberry Pi's repository", () => {
  let clone: Clone;
  let number: number;
  let commit: string;

  it("with a failing spec cannot be merged", { timeout: 900_000 }, async () => {
    clone = await Clone.of(stack, IMAGE);
    const versions: VersionsDocument = {
      version: 1,
      rootfs: { arm64: { url: rootfs.url, sha256: rootfs.sha256 } },
    };
    const broken = await clone.commit("Pin the root filesystem", {
      "versions.json": `${JSON.stringify(versions, undefined, 2)}\n`,
      "spec/porter_spec.rb": FAILING_SPEC,
    });
    await clone.push("pin-rootfs");
    number = await openPullRequest(IMAGE, "pin-rootfs", "Pin the root filesystem");
    const check = await finished(stack, IMAGE, broken);
    expect(check.conclusion, check.output.summary ?? "").toBe("failure");
    expect(check.output.summary).toContain("/etc/porter");
    await expect(merge(IMAGE, number)).rejects.toMatchObject({ status: 405 });
  });

  it("passes when the file is there, and is merged", { timeout: 900_000 }, async () => {
    commit = await clone.commit("Say who ported it", { "files/etc/porter": "porter\n" });
    await clone.push("pin-rootfs");
    const check = await finished(stack, IMAGE, commit);
    expect(check.conclusion, check.output.summary ?? "").toBe("success");
    await merge(IMAGE, number);
  });

  it("leaves a tested image in the artifact bucket", { timeout: 300_000 }, async () => {
    const key = `builds/${IMAGE}/${commit}`;
    const manifest = await readManifest(s3, bucket, key);
    expect(manifest).toMatchObject({ commit, kind: "image", result: "success" });
    expect(manifest.tests?.examples).toBeGreaterThan(200);
    expect(manifest.tests?.failures).toBe(0);
    const version = commit.slice(0, 12);
    const name = `hypriotos-raspberry-pi-${version}`;
    expect(manifest.artifacts.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        `${name}.img.zst`,
        `${name}.img.zst.sha256`,
        `${name}.img.sha256`,
        `${name}.bmap`,
        `${name}.packages`,
        `${name}.cdx.json`,
        `${name}.junit.xml`,
        "test-report.json",
      ]),
    );
    const image = manifest.artifacts.find(({ path }) => path === `${name}.img.zst`);
    const found = await download(s3, bucket, `${key}/${name}.img.zst`, join(stack.folder, "image.zst"));
    expect(found).toBe(image?.sha256);
    const log = await fetch(String((await finished(stack, IMAGE, commit)).details_url));
    expect(await log.text()).toMatch(/^==> package lists\n/m);
    const status = await stack.run("status");
    expect(status).toMatch(new RegExp(`success +${IMAGE} +pin-rootfs +${commit.slice(0, 12)}`));
  });

  it("gives the same bytes on the developer's machine", { timeout: 900_000 }, async () => {
    const cache = join(stack.folder, "cache");
    mkdirSync(join(cache, "artifacts"), { recursive: true });
    await download(s3, bucket, rootfs.key, join(cache, "artifacts", rootfs.sha256));
    const { builderImage } = await stack.outputs();
    await run("make", ["sd-image", `CACHE=${cache}`, `BUILDER=${String(builderImage)}`], {
      cwd: clone.folder,
    });
    const name = `hypriotos-raspberry-pi-${commit.slice(0, 12)}.img.sha256`;
    const here = join(clone.folder, "dist", name);
    expect(existsSync(here)).toBe(true);
    await download(s3, bucket, `builds/${IMAGE}/${commit}/${name}`, join(stack.folder, name));
    expect(readFileSync(here, "utf8")).toBe(readFileSync(join(stack.folder, name), "utf8"));
  });
});
