import { describe, expect, it } from "vitest";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { PublishedRelease } from "../../contracts/published-release.ts";
import { isAhead, pinnedRepositories, pinnedTag, planPins } from "./release.ts";

const BASE = "https://github.example/hypriot/os-rootfs/releases/download";
const asset = (name: string) => ({ name, url: `${BASE}/v1.2.0/${name}`, size: 1, sha256: "a".repeat(64) });
const release: PublishedRelease = {
  version: 1,
  repository: "hypriot/os-rootfs",
  kind: "rootfs",
  tag: "v1.2.0",
  commit: "0".repeat(40),
  architectures: ["arm64", "armhf"],
  preRelease: false,
  url: "https://github.example/hypriot/os-rootfs/releases/tag/v1.2.0",
  publishedAt: "2026-11-24T12:00:00Z",
  assets: [
    asset("rootfs-arm64-1.2.0.tar.zst"),
    asset("rootfs-arm64-1.2.0.tar.zst.sha256"),
    asset("rootfs-armhf-1.2.0.packages"),
    asset("SHA256SUMS"),
  ],
};
const catalogue: Catalogue = {
  "os-rootfs": { kind: "rootfs", architectures: ["arm64", "armhf"] },
  "image-builder-rpi": { kind: "image", architectures: ["arm64"] },
  "image-builder-old": { kind: "image", architectures: ["armhf"] },
};
const pin = { url: `${BASE}/v1.2.0/rootfs-arm64-1.2.0.tar.zst`, sha256: "a".repeat(64) };
const plan = (change: Partial<PublishedRelease>, published = ["v1.2.0"], organization = "hypriot") =>
  planPins({ ...release, ...change }, published, catalogue, organization);

describe("planPins", () => {
  it("takes the root filesystems that the release has, at GitHub", () => {
    expect(plan({}, ["v1.2.0", "v1.10.0-rc.1", "v1.1.9", "hand-made"])).toEqual({
      dependency: "rootfs",
      tag: "v1.2.0",
      url: release.url,
      pins: { arm64: pin },
    });
  });

  it.each([
    ["v1.10.0 is higher", plan({}, ["v1.2.0", "v1.10.0"])],
    ["it is not public any more", plan({}, ["v1.1.0"])],
    ["a pre-release", plan({ tag: "v1.2.0-rc.1" }, ["v1.2.0-rc.1"])],
    [
      "nothing pins a release of kind image",
      plan({ repository: "hypriot/image-builder-rpi", kind: "image" }),
    ],
    ["hypriot/gone is no rootfs repository of this pipeline", plan({ repository: "hypriot/gone" })],
    ["hypriot/os-rootfs is no rootfs repository of this pipeline", plan({}, ["v1.2.0"], "somebody")],
    ["it has no root filesystem", plan({ assets: [asset("SHA256SUMS")] })],
  ])("says why not: %s", (ignored, planned) => {
    expect(planned).toEqual({ ignored });
  });

  it("refuses an address that versions.json would not take", () => {
    const assets = [{ ...asset("rootfs-arm64-1.2.0.tar.zst"), url: "https://user:secret@github.example/r" }];
    expect(() => plan({ assets })).toThrow();
  });
});

describe("a release of a kernel", () => {
  const kernels: Catalogue = {
    ...catalogue,
    "kernel-docker": {
      kind: "kernel",
      architectures: ["arm64", "armhf"],
      kernelPackage: "linux-image-docker",
    },
    "image-own": { kind: "image", architectures: ["arm64"], kernelPackage: "linux-image-docker" },
    "image-other": { kind: "image", architectures: ["arm64"], kernelPackage: "linux-image-other" },
    "image-armel": { kind: "image", architectures: ["armel"], kernelPackage: "linux-image-docker" },
  };
  const planned = (...names: string[]) =>
    planPins(
      { ...release, repository: "hypriot/kernel-docker", kind: "kernel", assets: names.map(asset) },
      ["v1.2.0"],
      kernels,
      "hypriot",
    );
  const deb = asset("kernel-docker-arm64-1.2.0.deb");
  const pins = { arm64: { url: deb.url, sha256: deb.sha256 } };

  it("is its package for each architecture, for boards that pin it by its name", () => {
    const plan = planned(
      deb.name,
      `${deb.name}.sha256`,
      "kernel-docker-armhf-1.2.0.config",
      "kernel-armhf-1.2.0.deb",
    );
    expect(plan).toEqual({
      dependency: "kernel",
      tag: "v1.2.0",
      url: release.url,
      pins,
      kernelPackage: "linux-image-docker",
    });
    expect(pinnedRepositories({ pins, kernelPackage: "linux-image-docker" }, kernels)).toEqual([
      { repo: "image-own", pins },
    ]);
  });

  it("is not pinned without a package", () => {
    expect(planned("SHA256SUMS")).toEqual({ ignored: "it has no package linux-image-docker" });
  });
});

it("is for the boards that it has a root filesystem for", () => {
  expect(pinnedRepositories({ pins: { arm64: pin } }, catalogue)).toEqual([
    { repo: "image-builder-rpi", pins: { arm64: pin } },
  ]);
});

it("knows a release by the address of its asset, in the same repository only", () => {
  expect(pinnedTag(`${BASE}/v1.3.0-rc.1/x`, pin.url)).toBe("v1.3.0-rc.1");
  expect(pinnedTag(`${BASE}/latest/x`, pin.url)).toBeUndefined();
  expect(pinnedTag(`${BASE.replace("os-rootfs", "other")}/v1.3.0/x`, pin.url)).toBeUndefined();
  expect(pinnedTag("dist/rootfs.tar.zst", pin.url)).toBeUndefined();
});

it("leaves a pin that is ahead", () => {
  const planned = { tag: "v1.2.0", pins: { arm64: pin } };
  const pinned = (tag: string) => ({ url: `${BASE}/${tag}/r`, sha256: "b".repeat(64) });
  expect(isAhead(pinned("v1.3.0-rc.1"), planned)).toBe(true);
  expect(isAhead(pinned("v1.2.0-rc.1"), planned)).toBe(false);
  expect(isAhead({ ...pin, url: "s3://artifacts/builds/os-rootfs/x/r" }, planned)).toBe(false);
});
