import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildCheck } from "../support/builds.ts";
import { Clone } from "../support/clone.ts";
import { leaveTagBuild, sha256 } from "../support/tag-build.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

const OWNER = "hypriot";
const KERNEL = "kernel-docker";

// One story: a kernel comes, a push to it is built, its release reaches the board that pins it.
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("kernels");
  stack.edit((config) => {
    config.setIn(["config", "hypriotos:kernels"], {
      docker: { configs: { arm64: { from: "debian", flavour: "arm64" } } },
    });
    const kernel = ["config", "hypriotos:boards", "pine-a64", "kernel"];
    config.setIn(kernel, { package: "linux-image-docker", pinned: true });
  });
  await stack.run("up");
}, 600_000);
afterAll(() => stack.remove(), 300_000);

it("has a repository as every other, from a template of its own", async () => {
  const at = { owner: OWNER, repo: KERNEL };
  const clone = await Clone.of(stack, KERNEL);
  expect(JSON.parse(await clone.git("show", "HEAD:kernel.json"))).toEqual({
    version: 1,
    name: "docker",
    release: "trixie",
    source: "linux-source-6.12",
    configs: { arm64: { from: "debian", flavour: "arm64" } },
  });
  const files = await clone.git("ls-files");
  expect(files.trim().split("\n").sort()).toEqual([
    ".gitignore",
    "Makefile",
    "README.md",
    "config/docker.config",
    "kernel.json",
    "release-key.pem",
    "spec/kernel_spec.rb",
  ]);
  const { data: repository } = await stack.github.rest.repos.get(at);
  expect(repository.topics?.sort()).toEqual(["hypriotos", "kernel"]);
  expect((await stack.github.rest.repos.listWebhooks(at)).data).toHaveLength(1);
  expect((await stack.github.request("GET /repos/{owner}/{repo}/rulesets", at)).data).toHaveLength(2);
  const { data: labels } = await stack.github.rest.issues.listLabelsForRepo(at);
  expect(labels.map(({ name }) => name)).toContain("pins");
});

it("builds a push", async () => {
  const clone = await Clone.of(stack, KERNEL);
  const commit = await clone.commit("No IPv6", { "config/own.config": "# CONFIG_IPV6 is not set\n" });
  await clone.push("no-ipv6");
  const check = await until("the push has a check run", () => buildCheck(stack, KERNEL, commit));
  expect(check.external_id).toBe(`builds/${KERNEL}/${commit}#1`);
});

it("comes with a release to the board that pins it as a pull request, and to no other", async () => {
  const tag = "v1.0.0";
  const at = { owner: OWNER, repo: KERNEL };
  const { data: branch } = await stack.github.rest.repos.getBranch({ ...at, branch: "main" });
  const commit = branch.commit.sha;
  await stack.github.rest.git.createRef({ ...at, ref: `refs/tags/${tag}`, sha: commit });
  const name = "kernel-docker-arm64-1.0.0.deb";
  const s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
  await leaveTagBuild(s3, `hypriot-${stack.name}-artifacts`, {
    repository: `${OWNER}/${KERNEL}`,
    tag,
    commit,
    files: { [name]: "a kernel" },
    changes: { kind: "kernel" },
  });
  const board = { owner: OWNER, repo: "image-builder-pine-a64" };
  // The label comes last.
  const pull = await until("the kernel is proposed", async () => {
    const { data } = await stack.github.rest.pulls.list(board);
    return data.find(({ labels }) => labels[0]?.name === "pins");
  });
  expect(pull).toMatchObject({ title: `Pin kernel ${tag}`, head: { ref: "hypriotos/pins-kernel" } });
  const { data: file } = await stack.github.rest.repos.getContent({
    ...board,
    path: "versions.json",
    ref: "hypriotos/pins-kernel",
  });
  const versions = JSON.parse(Buffer.from("content" in file ? file.content : "", "base64").toString());
  expect(versions).toEqual({
    version: 1,
    rootfs: {},
    kernel: {
      arm64: {
        url: expect.stringMatching(new RegExp(`/${OWNER}/${KERNEL}/releases/download/${tag}/${name}$`)),
        sha256: sha256("a kernel"),
      },
    },
  });
  expect(await (await fetch(versions.kernel.arm64.url)).text()).toBe("a kernel");
  for (const repo of ["image-builder-rpi", "image-builder-banana-pi"])
    expect((await stack.github.rest.pulls.list({ owner: OWNER, repo, state: "all" })).data).toEqual([]);
});
