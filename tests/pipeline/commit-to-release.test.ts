import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VersionsDocument } from "../../contracts/versions.ts";
import { buildCheck, finished, readManifest } from "../support/builds.ts";
import { Clone } from "../support/clone.ts";
import { downloadAssets, release } from "../support/releases.ts";
import { run } from "../support/run.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

/** From nothing to a released SD card image, by what maintainers and developers do: tag, push, review, merge. */

const BOARDS = {
  "raspberry-pi": { repository: "image-builder-rpi", architecture: "arm64" },
  "banana-pi": { repository: "image-builder-banana-pi", architecture: "armhf" },
} as const;
/** One board: another takes as long again and shows nothing else. */
const BOARD = process.env.BOARD === "banana-pi" ? "banana-pi" : "raspberry-pi";
const { repository: IMAGE, architecture: ARCHITECTURE } = BOARDS[BOARD];
const ROOTFS = "os-rootfs";
const PIN_BRANCH = "hypriotos/pins-rootfs";
const TAG = "v1.0.0";
const FAILING_SPEC = `# frozen_string_literal: true

describe file("/etc/porter") do
  it { is_expected.to be_file }
end
`;
const MINUTES = 60_000;

let stack: TestStack;
let s3: S3Client;
let bucket: string;
let builder: string;
let key: string;

beforeAll(async () => {
  stack = await TestStack.create("pipeline");
  for (const other of Object.keys(BOARDS).filter((name) => name !== BOARD)) {
    stack.edit((config) => config.deleteIn(["config", "hypriotos:boards", other]));
  }
  await stack.run("up");
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  const outputs = await stack.outputs();
  bucket = String(outputs.artifactBucket);
  builder = String(outputs.builderImage);
  key = join(stack.folder, "release-key.pem");
  writeFileSync(key, String(outputs.releasePublicKey));
}, 15 * MINUTES);
afterAll(() => stack.remove(), 5 * MINUTES);

const owner = () => stack.cloud.github.organization;

function merge(number: number) {
  const place = { owner: owner(), repo: IMAGE, pull_number: number };
  return stack.github.rest.pulls.merge({ ...place, merge_method: "squash" });
}

async function succeeded(repository: string, commit: string) {
  const check = await finished(stack, repository, commit);
  expect(check.conclusion, check.output.summary ?? "").toBe("success");
  return check;
}

/** As a release's notes say: the signature of the checksums, then the checksums. Rejects where one is wrong. */
async function verify(folder: string): Promise<void> {
  const signature = ["-verify", key, "-signature", "SHA256SUMS.sig", "SHA256SUMS"];
  await run("openssl", ["dgst", "-sha256", ...signature], { cwd: folder });
  await run("sha256sum", ["--check", "--strict", "--ignore-missing", "SHA256SUMS"], { cwd: folder });
}

/** SHA-256 by name, of a folder's checksum file. */
function checksums(folder: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

describe("a release of the root filesystem", () => {
  let rootfs: Awaited<ReturnType<typeof release>>;
  let number: number;
  let clone: Clone;

  it("is made by a tag", { timeout: 15 * MINUTES }, async () => {
    const tagged = await Clone.of(stack, ROOTFS);
    const commit = await tagged.tag(TAG);
    await succeeded(ROOTFS, commit);
    const manifest = await readManifest(s3, bucket, `releases/${ROOTFS}/${TAG}`);
    expect(manifest).toMatchObject({
      commit,
      kind: "rootfs",
      result: "success",
      architectures: [ARCHITECTURE],
    });
    expect(manifest.tests).toMatchObject({ failures: 0 });
    rootfs = await release(stack, { repository: ROOTFS, tag: TAG, commit });
    expect(rootfs).toMatchObject({ draft: false, prerelease: false });
  });

  it("reaches the board by a pull request, which passes", { timeout: 15 * MINUTES }, async () => {
    const [pull] = await until("the pipeline opens a pull request", async () => {
      const { data } = await stack.github.rest.pulls.list({
        owner: owner(),
        repo: IMAGE,
        head: `${owner()}:${PIN_BRANCH}`,
      });
      return data.length > 0 && data;
    });
    if (pull === undefined) throw new Error("there is no pull request");
    number = pull.number;
    clone = await Clone.of(stack, IMAGE, PIN_BRANCH);
    const { rootfs: pins } = VersionsDocument.parse(JSON.parse(clone.read("versions.json")));
    const folder = join(stack.folder, "rootfs");
    await downloadAssets(rootfs.assets, folder);
    await verify(folder);
    const name = `rootfs-${ARCHITECTURE}-${TAG.slice(1)}.tar.zst`;
    expect(pins[ARCHITECTURE]?.sha256).toBe(checksums(folder).get(name));
    await succeeded(IMAGE, pull.head.sha);
  });

  it("cannot be merged with a failing spec", { timeout: 15 * MINUTES }, async () => {
    const broken = await clone.commit("Say who ported it", { "spec/porter_spec.rb": FAILING_SPEC });
    await clone.push(PIN_BRANCH);
    const check = await finished(stack, IMAGE, broken);
    expect(check.conclusion, check.output.summary ?? "").toBe("failure");
    expect(check.output.summary).toContain("/etc/porter");
    await expect(merge(number)).rejects.toMatchObject({ status: 405 });
  });

  it("is merged when the file is there", { timeout: 15 * MINUTES }, async () => {
    const repaired = await clone.commit("Add who ported it", { "files/etc/porter": "porter\n" });
    await clone.push(PIN_BRANCH);
    await succeeded(IMAGE, repaired);
    await merge(number);
  });
});

describe("a release of the board's image", () => {
  let clone: Clone;
  let commit: string;
  let folder: string;
  const name = `hypriotos-${BOARD}-${TAG.slice(1)}`;

  it("is made by a tag on the merged commit, once it has booted", { timeout: 30 * MINUTES }, async () => {
    clone = await Clone.of(stack, IMAGE);
    commit = await clone.tag(TAG);
    const check = await until(
      "the tag's build ends",
      async () => {
        const found = await buildCheck(stack, IMAGE, commit);
        return found?.external_id?.startsWith(`releases/`) && found.status === "completed" && found;
      },
      { seconds: 1600, every: 1000 },
    );
    expect(check.conclusion, check.output.summary ?? "").toBe("success");
    const manifest = await readManifest(s3, bucket, `releases/${IMAGE}/${TAG}`);
    expect(manifest).toMatchObject({ commit, kind: "image", result: "success" });
    // The suite on the image, and the one on the board that it booted on.
    expect(manifest.tests?.examples).toBeGreaterThan(800);
    expect(manifest.tests?.failures).toBe(0);
    expect(manifest.artifacts.map(({ path }) => path)).toContain(`${name}.boot.junit.xml`);
    const { assets, draft, body } = await release(stack, { repository: IMAGE, tag: TAG, commit });
    expect(draft).toBe(false);
    expect(body).toContain("## Stands on\n");
    expect(body).toContain(`| rootfs ${ARCHITECTURE} | `);
    folder = join(stack.folder, "release");
    await downloadAssets(assets, folder);
    await verify(folder);
    expect([...checksums(folder).keys()]).toEqual(
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
    const log = await fetch(String(check.details_url));
    expect(await log.text()).toMatch(/^==> package lists\n/m);
    const status = await stack.run("status");
    expect(status).toMatch(new RegExp(`success +${IMAGE} +${TAG} +${commit.slice(0, 12)}`));
  });

  it("has the same bytes as one built on a developer's machine", { timeout: 15 * MINUTES }, async () => {
    const cache = join(stack.folder, "cache");
    const [pin] = Object.values(VersionsDocument.parse(JSON.parse(clone.read("versions.json"))).rootfs);
    if (pin === undefined) throw new Error("versions.json pins nothing");
    mkdirSync(join(cache, "artifacts"), { recursive: true });
    // The build's container has no way to a GitHub on this machine's loopback.
    const rootfs = join(stack.folder, "rootfs", `rootfs-${ARCHITECTURE}-${TAG.slice(1)}.tar.zst`);
    copyFileSync(rootfs, join(cache, "artifacts", pin.sha256));
    await run("make", ["sd-image", `CACHE=${cache}`, `BUILDER=${builder}`], { cwd: clone.folder });
    const [here, released] = [join(clone.folder, "dist"), folder].map((dist) =>
      readFileSync(join(dist, `${name}.img.sha256`), "utf8"),
    );
    expect(here).toBe(released);
  });

  it("boots and passes its tests over SSH, downloaded and verified by whoever has it", {
    timeout: 15 * MINUTES,
  }, async () => {
    await run("make", ["clean"], { cwd: clone.folder });
    const output = await run("make", ["test-release", `BUILDER=${builder}`], { cwd: clone.folder });
    expect(output).toContain(`${TAG}: signature and checksum of ${name}.img.zst are right\n`);
    const { summary } = JSON.parse(clone.read(`dist/release-${TAG.slice(1)}/${name}.boot.test.json`));
    expect(summary.example_count).toBeGreaterThan(200);
    expect(summary).toMatchObject({ failure_count: 0, errors_outside_of_examples_count: 0 });
  });
});
