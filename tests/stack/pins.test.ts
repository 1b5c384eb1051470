import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { leaveTagBuild, sha256 } from "../support/tag-build.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

const OWNER = "hypriot";
const BRANCH = "hypriotos/pins-rootfs";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("pins");
  await stack.run("up");
}, 600_000);
afterAll(() => stack.remove(), 300_000);

/** The root filesystem for arm64 that a repository's `versions.json` pins. */
async function pinned(repo: string, ref: string): Promise<{ url: string; sha256: string }> {
  const { data } = await stack.github.rest.repos.getContent({
    owner: OWNER,
    repo,
    path: "versions.json",
    ref,
  });
  const text = "content" in data ? Buffer.from(data.content, "base64").toString("utf8") : "";
  return JSON.parse(text).rootfs.arm64;
}

/** Leaves what the build of a tag of the rootfs repository leaves; resolves with the root filesystem's SHA-256. */
async function buildRootfs(tag: string): Promise<string> {
  const at = { owner: OWNER, repo: "os-rootfs" };
  const { data: branch } = await stack.github.rest.repos.getBranch({ ...at, branch: "main" });
  const commit = branch.commit.sha;
  await stack.github.rest.git.createRef({ ...at, ref: `refs/tags/${tag}`, sha: commit });
  const content = `the root filesystem ${tag}`;
  const files = { [`rootfs-arm64-${tag.slice(1)}.tar.zst`]: content };
  const s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  const build = {
    repository: `${at.owner}/${at.repo}`,
    tag,
    commit,
    files,
    changes: { kind: "rootfs" },
  } as const;
  await leaveTagBuild(s3, `hypriot-${stack.name}-artifacts`, build);
  return sha256(content);
}

it("a release of the root filesystem comes to its board as a pull request that is built, and moves with the next", async () => {
  const at = { owner: OWNER, repo: "image-builder-rpi" };
  const pulls = async () => (await stack.github.rest.pulls.list({ ...at, state: "all" })).data;
  for (const tag of ["v1.0.0", "v1.1.0"]) {
    const sha256 = await buildRootfs(tag);
    // The label comes last.
    await until(`${tag} is proposed`, async () =>
      (await pulls()).some(
        ({ title, labels }) => title === `Pin root filesystem ${tag}` && labels[0]?.name === "pins",
      ),
    );
    const [pull, ...more] = await pulls();
    expect(more).toEqual([]);
    expect(pull).toMatchObject({ state: "open", head: { ref: BRANCH } });
    const arm64 = await pinned(at.repo, BRANCH);
    expect(arm64).toEqual({
      url: expect.stringMatching(
        new RegExp(`/hypriot/os-rootfs/releases/download/${tag}/rootfs-arm64-${tag.slice(1)}\\.tar\\.zst$`),
      ),
      sha256,
    });
    // As anybody at home has it.
    const downloaded = await (await fetch(arm64.url)).text();
    expect(createHash("sha256").update(downloaded).digest("hex")).toBe(sha256);
    await until("its commit is in a queue", async () => {
      const { data } = await stack.github.rest.checks.listForRef({ ...at, ref: pull?.head.sha ?? "" });
      return data.check_runs.some(({ name }) => name === BUILD_CHECK);
    });
  }
});

it("a board that is added later starts with the newest release", async () => {
  const released = await pinned("image-builder-rpi", BRANCH);
  expect(await pinned("image-builder-template", "main")).toEqual(released);
  // Nobody's edit, and nothing to take back.
  await stack.run("pulumi", "preview", "--refresh", "--expect-no-changes");
  expect((await stack.try("drift")).code).toBe(0);
  stack.edit((config) => {
    const boards = config.toJS().config["hypriotos:boards"];
    const later = { ...boards["raspberry-pi"], repository: "image-builder-later" };
    config.setIn(["config", "hypriotos:boards", "later"], config.createNode(later));
  });
  await stack.run("up");
  expect(await pinned("image-builder-later", "main")).toEqual(released);
}, 120_000);
