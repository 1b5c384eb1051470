import { describe, expect, it } from "vitest";
import { BoardDocument } from "../contracts/board.ts";
import { Catalogue } from "../contracts/catalogue.ts";
import { KernelDocument } from "../contracts/kernel.ts";
import { RootfsDocument } from "../contracts/rootfs.ts";
import { type PipelineConfig, parseConfig } from "./config.ts";
import { boardFile, catalogue, plannedProtection, plannedRepositories } from "./plan.ts";

const raw = {
  organization: { name: "hypriot", teams: { maintainers: "maintain" } },
  boards: {
    "raspberry-pi": {
      title: "Raspberry Pi 3",
      repository: "image-builder-rpi",
      architecture: "arm64",
      kernel: { package: "linux-image-arm64" },
      boot: { method: "raspi-firmware" },
    },
  },
  runners: { here: { kind: "docker", host: "unix:///var/run/docker.sock", architectures: ["arm64"] } },
  protection: {
    approvals: 1,
    bypass: [
      { kind: "app", id: 7, mode: "always" },
      { kind: "team", team: "maintainers" },
      { kind: "organization-admin" },
    ],
  },
  githubApp: { id: 7 },
  providers: { aws: { region: "eu-central-1" } },
};

function config(changes: Record<string, unknown> = {}): PipelineConfig {
  const sections = Object.entries({ ...raw, ...changes }).map(([key, value]) => [`hypriotos:${key}`, value]);
  const parsed = parseConfig(Object.fromEntries(sections), "test");
  if (parsed.problems !== undefined) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const kernels = { docker: { configs: { arm64: { from: "debian", flavour: "arm64" } } } };

describe("plannedRepositories", () => {
  it("has the root filesystem's repository, one for each kernel and one for each board", () => {
    const planned = plannedRepositories(config({ kernels }));
    expect(Object.entries(planned).map(([key, { kind, repository }]) => [key, kind, repository])).toEqual([
      ["rootfs", "rootfs", "os-rootfs"],
      ["kernel-docker", "kernel", "kernel-docker"],
      ["raspberry-pi", "image", "image-builder-rpi"],
    ]);
  });

  it("writes managed files that their builders read", () => {
    const planned = plannedRepositories(config({ kernels }));
    const files = Object.values(planned).map(({ managedFile }) => managedFile);
    expect(files.map(({ path }) => path)).toEqual(["rootfs.json", "kernel.json", "board.json"]);
    const [rootfs, kernel, board] = files.map(({ content }) => JSON.parse(content));
    expect(RootfsDocument.parse(rootfs).architectures).toEqual(["arm64"]);
    expect(KernelDocument.parse(kernel)).toEqual({
      version: 1,
      name: "docker",
      release: "trixie",
      source: "linux-source-6.12",
      configs: kernels.docker.configs,
    });
    expect(BoardDocument.parse(board).name).toBe("raspberry-pi");
  });
});

describe("rootfs.json", () => {
  const docker = (settings: Record<string, unknown>) => {
    const file = plannedRepositories(config(settings)).rootfs?.managedFile.content ?? "";
    return RootfsDocument.parse(JSON.parse(file)).docker;
  };

  it("says that Docker comes from Debian, where nothing is said", () => {
    expect(docker({})).toEqual({ source: "debian" });
  });

  it("says where Docker's own packages are, and for which architectures", () => {
    const board = { ...raw.boards["raspberry-pi"], repository: "old", architecture: "armel" };
    const boards = { ...raw.boards, old: board };
    const runners = { here: { ...raw.runners.here, architectures: ["arm64", "armel"] } };
    const settings = { boards, runners, rootfs: { docker: { source: "docker", channel: "test" } } };
    expect(docker(settings)).toEqual({
      source: "docker",
      url: "https://download.docker.com/linux/debian",
      channel: "test",
      key: {
        url: "https://download.docker.com/linux/debian/gpg",
        sha256: "1500c1f56fa9e26b9b8f42452a553675796ade0807cdce11975eb98170b3a570",
      },
      architectures: ["arm64"],
    });
  });
});

describe("catalogue", () => {
  it("says which builds of each repository are booted: of tags, where nothing is said", () => {
    const { boards } = raw;
    const more = { ...boards["raspberry-pi"], repository: "tested", bootTest: "pushes" };
    const known = Catalogue.parse(JSON.parse(catalogue(config({ boards: { ...boards, more } }))));
    expect(Object.entries(known).map(([name, { bootTest }]) => [name, bootTest])).toEqual([
      ["os-rootfs", "never"],
      ["tested", "pushes"],
      ["image-builder-rpi", "tags"],
    ]);
  });

  it("says which package a kernel's repository makes, and which boards pin it", () => {
    const board = { ...raw.boards["raspberry-pi"], kernel: { package: "linux-image-docker", pinned: true } };
    const boards = { ...raw.boards, own: { ...board, repository: "own" } };
    const known = Catalogue.parse(JSON.parse(catalogue(config({ boards, kernels }))));
    expect(known["kernel-docker"]).toEqual({
      kind: "kernel",
      architectures: ["arm64"],
      bootTest: "never",
      kernelPackage: "linux-image-docker",
    });
    expect(known.own?.kernelPackage).toBe("linux-image-docker");
    expect(known["image-builder-rpi"]).not.toHaveProperty("kernelPackage");
  });
});

describe("boardFile", () => {
  it("does not change with the repository's name or with what is booted", () => {
    const board = config().boards["raspberry-pi"];
    if (board === undefined) throw new Error("no board");
    expect(boardFile("raspberry-pi", { ...board, repository: "renamed", bootTest: "pushes" })).toBe(
      boardFile("raspberry-pi", board),
    );
  });
});

describe("plannedProtection", () => {
  it("lets only the pipeline's App report the build", () => {
    expect(plannedProtection(config(), () => 0).requiredChecks).toEqual([
      { context: "hypriotos/build", integrationId: 7 },
    ]);
  });

  it("names who may bypass as GitHub does", () => {
    expect(plannedProtection(config(), (slug) => slug.length).bypass).toEqual([
      { actorType: "Integration", actorId: 7, bypassMode: "always" },
      { actorType: "Team", actorId: "maintainers".length, bypassMode: "pull_request" },
      { actorType: "OrganizationAdmin", actorId: 1, bypassMode: "pull_request" },
    ]);
  });
});
