import { expect, it } from "vitest";
import { Downloadables } from "../contracts/downloads.ts";
import type { BoardConfig, PipelineConfig } from "./config.ts";
import { downloadables, imagerTags } from "./downloadables.ts";

const board = (changes: Partial<BoardConfig>) =>
  ({ title: "A board", architecture: "arm64", deviceTrees: [], ...changes }) as BoardConfig;

it("names Raspberry Pi's models by the device trees that an image must have", () => {
  const deviceTrees = [
    "broadcom/bcm2837-rpi-3-b.dtb",
    "broadcom/bcm2837-rpi-3-b-plus.dtb",
    "broadcom/bcm2837-rpi-zero-2-w.dtb",
    "broadcom/bcm2711-rpi-4-b.dtb",
  ];
  expect(imagerTags(board({ deviceTrees }))).toEqual(["pi3-64bit", "pi4-64bit"]);
  expect(imagerTags(board({ architecture: "armhf", deviceTrees: ["bcm2836-rpi-2-b.dtb"] }))).toEqual([
    "pi2-32bit",
  ]);
  expect(imagerTags(board({ deviceTrees: ["sun7i-a20-bananapi.dtb"] }))).toEqual([]);
});

it("lists the root filesystem's repository, each kernel's and each board's", () => {
  const config = {
    rootfs: {
      repository: "os-rootfs",
      release: "trixie" as const,
      docker: { source: "debian" as const },
      architectures: [],
    },
    kernels: { docker: { repository: "kernel-docker", source: "linux-source-6.12", configs: {} } },
    boards: { "banana-pi": board({ title: "Banana Pi M1", repository: "image-builder-banana-pi" }) },
  } satisfies Pick<PipelineConfig, "boards" | "kernels" | "rootfs">;
  expect(Downloadables.parse(JSON.parse(downloadables(config)))).toEqual({
    "os-rootfs": { kind: "rootfs" },
    "kernel-docker": { kind: "kernel" },
    "image-builder-banana-pi": {
      kind: "image",
      board: "banana-pi",
      title: "Banana Pi M1",
      architecture: "arm64",
      imagerTags: [],
    },
  });
});
