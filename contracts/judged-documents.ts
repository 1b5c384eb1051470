import { BoardDocument } from "./board.ts";
import { RootfsVersionsDocument } from "./docker.ts";
import { dockerCases } from "./judged-docker-documents.ts";
import { KernelDocument } from "./kernel.ts";
import { RootfsDocument } from "./rootfs.ts";
import { VersionsDocument } from "./versions.ts";

/**
 * Good and bad documents, for tests: what a contract says of each, the builder's own checks in
 * `builder/lib/validate/` must say too.
 */

export const contracts = {
  board: BoardDocument,
  versions: VersionsDocument,
  rootfs: RootfsDocument,
  kernel: KernelDocument,
  "rootfs-versions": RootfsVersionsDocument,
};

export interface Case {
  readonly file: keyof typeof contracts;
  /** The document itself. */
  readonly text: string;
  /** The fields that both readers name; none when the document is good. */
  readonly fields: readonly string[];
}

const board = {
  version: 1,
  name: "some-board",
  title: "Some Board",
  architecture: "arm64",
  kernel: { package: "linux-image-arm64" },
  boot: { method: "raspi-firmware" },
};
const uBoot = { method: "u-boot", package: "u-boot-sunxi", file: "Some/spl.bin", offsetKiB: 8 };
const parts = {
  method: "u-boot-parts",
  parts: [
    { source: "vendor", name: "bl1", maximumKiB: 15.5, license: "Somebody's", offsetKiB: 0, lengthKiB: 15 },
    { source: "package", package: "u-boot-sunxi", file: "a/b.itb", offsetKiB: 31.5 },
  ],
  script: "boot.ini",
};
const addresses = { kernel: "0x11000000", initramfs: "0x13000000", deviceTree: "0x1000000" };
const withPart = (change: object) => ({ boot: { ...parts, parts: [{ ...parts.parts[0], ...change }] } });
const pin = { url: "https://example.org/rootfs.tar.zst", sha256: "a".repeat(64) };

/** A document with some of its fields changed; undefined takes a field away. */
const changed = (document: object, change: object) => JSON.stringify({ ...document, ...change });
const ofBoard = (change: object, ...fields: string[]): Case => ({
  file: "board",
  text: changed(board, change),
  fields,
});
const ofPin = (change: object, ...fields: string[]): Case => ({
  file: "versions",
  text: JSON.stringify({ version: 1, rootfs: { arm64: { ...pin, ...change } } }),
  fields: fields.map((field) => `rootfs.arm64.${field}`),
});
const ofUrl = (url: string, good: "good" | "bad") => ofPin({ url }, ...(good === "good" ? [] : ["url"]));
const ofVersions = (change: object, ...fields: string[]): Case => ({
  file: "versions",
  text: changed({ version: 1, rootfs: {} }, change),
  fields,
});
const ofRootfs = (change: object, ...fields: string[]): Case => ({
  file: "rootfs",
  text: changed({ version: 1, release: "trixie", architectures: ["arm64"] }, change),
  fields,
});
const ofKernel = (change: object, ...fields: string[]): Case => ({
  file: "kernel",
  text: changed(
    {
      version: 1,
      name: "docker",
      release: "trixie",
      source: "linux-source-6.12",
      configs: { arm64: { from: "debian", flavour: "arm64" } },
    },
    change,
  ),
  fields,
});
const ofConfig = (config: unknown, ...fields: string[]) =>
  ofKernel({ configs: { armhf: config } }, ...fields.map((field) => `configs.armhf${field}`));

/** Documents that both readers must judge alike. */
export const cases: readonly Case[] = [
  ofBoard({}),
  ofBoard({ boot: uBoot }),
  ofBoard({ partitions: {}, deviceTrees: [], extraPackages: [] }),
  ofBoard({ partitions: { boot: {}, root: { sizeMiB: 512 } }, console: "ttyAMA0" }),
  ofBoard({ deviceTrees: ["a/b.dtb", "c.dtb"], extraPackages: ["htop", "libstdc++6"] }),
  ofBoard({ title: "Ein Brett — ünïcode 😀" }),
  ofBoard({ title: `a${"😀".repeat(49)}b` }),
  { file: "board", text: changed(board, {}).replace('"version":1', '"version":1.0'), fields: [] },
  {
    file: "board",
    text: changed(board, { partitions: { boot: { sizeMiB: 1000 } } }).replace("1000", "1e3"),
    fields: [],
  },
  { file: "board", text: "[]", fields: [""] },
  { file: "board", text: "null", fields: [""] },
  { file: "board", text: '"board"', fields: [""] },
  ofBoard({ version: 2 }, "version"),
  ofBoard({ version: "1" }, "version"),
  ofBoard({ version: undefined }, "version"),
  ofBoard({ name: "Some" }, "name"),
  ofBoard({ name: "a--b" }, "name"),
  ofBoard({ name: "a\n" }, "name"),
  ofBoard({ name: "a".repeat(40) }),
  ofBoard({ name: "a".repeat(41) }, "name"),
  ofBoard({ name: "../etc" }, "name"),
  ofBoard({ title: "" }, "title"),
  ofBoard({ title: " a" }, "title"),
  ofBoard({ title: "two\nlines" }, "title"),
  ofBoard({ title: "a\u202eb" }, "title"),
  ofBoard({ title: "a\u0085b" }, "title"),
  ofBoard({ title: "a\u00a0" }, "title"),
  ofBoard({ title: "😀".repeat(100) }),
  ofBoard({ title: "😀".repeat(101) }, "title"),
  ofBoard({ title: null }, "title"),
  ofBoard({ architecture: "riscv64" }, "architecture"),
  ofBoard({ architecture: ["arm64"] }, "architecture"),
  ofBoard({ kernel: "linux" }, "kernel"),
  ofBoard({ kernel: { package: "-oDir::Etc=x" } }, "kernel.package"),
  ofBoard({ kernel: { package: "a" } }, "kernel.package"),
  ofBoard({ kernel: { package: "linux", version: "6" } }, "kernel.version"),
  ofBoard({ boot: { ...uBoot, file: "../spl.bin" } }, "boot.file"),
  ofBoard({ boot: { ...uBoot, file: "/etc/shadow" } }, "boot.file"),
  ofBoard({ boot: { ...uBoot, file: "a//b" } }, "boot.file"),
  ofBoard({ boot: { ...uBoot, offsetKiB: 0 } }, "boot.offsetKiB"),
  ofBoard({ boot: { ...uBoot, offsetKiB: 8.5 } }, "boot.offsetKiB"),
  ofBoard({ boot: { ...uBoot, offsetKiB: "8" } }, "boot.offsetKiB"),
  ofBoard({ boot: { method: "grub" } }, "boot.method"),
  ofBoard({ boot: { method: "raspi-firmware", offsetKiB: 8 } }, "boot.offsetKiB"),
  ofBoard({ kernel: { package: "linux-image-own", pinned: true } }),
  ofBoard({ kernel: { package: "linux-image-own", pinned: false } }, "kernel.pinned"),
  ofBoard({ boot: parts }),
  ofBoard({ boot: { ...parts, script: "grub.cfg" } }, "boot.script"),
  ofBoard({ boot: { ...parts, header: "ODROIDC2-UBOOT-CONFIG", addresses } }),
  ofBoard({ boot: { ...parts, header: "a b" } }, "boot.header"),
  ofBoard({ boot: { ...parts, header: "A\nreset" } }, "boot.header"),
  ofBoard({ boot: { ...parts, addresses: { ...addresses, kernel: "0x1; reset" } } }, "boot.addresses.kernel"),
  ofBoard(
    { boot: { ...parts, addresses: { kernel: "0x1" } } },
    "boot.addresses.initramfs",
    "boot.addresses.deviceTree",
  ),
  ofBoard({ boot: { ...parts, addresses: { ...addresses, other: "0x1" } } }, "boot.addresses.other"),
  ofBoard({ boot: { ...parts, parts: [] } }, "boot.parts"),
  ofBoard({ boot: { ...parts, parts: {} } }, "boot.parts"),
  ofBoard({ boot: { ...parts, parts: new Array(17).fill(parts.parts[1]) } }, "boot.parts"),
  ofBoard({ boot: { ...parts, offsetKiB: 8 } }, "boot.offsetKiB"),
  ofBoard(withPart({ source: "web" }), "boot.parts[0].source"),
  ofBoard(withPart({ name: "BL1" }), "boot.parts[0].name"),
  ofBoard(withPart({ offsetKiB: 4096 }), "boot.parts[0].offsetKiB"),
  ofBoard(withPart({ offsetKiB: 0.25 }), "boot.parts[0].offsetKiB"),
  ofBoard(withPart({ offsetKiB: undefined }), "boot.parts[0].offsetKiB"),
  ofBoard(withPart({ maximumKiB: 0 }), "boot.parts[0].maximumKiB"),
  ofBoard(withPart({ lengthKiB: "15" }), "boot.parts[0].lengthKiB"),
  ofBoard(withPart({ license: "" }), "boot.parts[0].license"),
  ofBoard(withPart({ license: undefined }), "boot.parts[0].license"),
  ofBoard(withPart({ url: "https://example.org/bl1" }), "boot.parts[0].url"),
  ofBoard({ boot: { ...parts, parts: [{ ...parts.parts[1], file: "../x" }] } }, "boot.parts[0].file"),
  ofBoard({ boot: { method: "android-boot-image", pageSizeBytes: 2048 } }),
  ofBoard({ boot: { method: "android-boot-image", pageSizeBytes: 1024 } }, "boot.pageSizeBytes"),
  ofBoard({ boot: { method: "android-boot-image" } }, "boot.pageSizeBytes"),
  ofBoard({ deviceTrees: null }, "deviceTrees"),
  ofBoard({ deviceTrees: {} }, "deviceTrees"),
  ofBoard({ deviceTrees: ["a.dts"] }, "deviceTrees[0]"),
  ofBoard({ deviceTrees: ["a.dtb", "b.dtb", "a.dtb"] }, "deviceTrees[2]"),
  ofBoard({ extraPackages: ["htop", "vim", "htop"] }, "extraPackages[2]"),
  ofBoard({ extraPackages: ["htop", 3] }, "extraPackages[1]"),
  ofBoard({ partitions: [] }, "partitions"),
  ofBoard({ partitions: { root: null } }, "partitions.root"),
  ofBoard({ partitions: { root: { sizeMiB: null } } }, "partitions.root.sizeMiB"),
  ofBoard({ partitions: { root: { sizeMiB: 16385 } } }, "partitions.root.sizeMiB"),
  ofBoard({ partitions: { boot: { sizeMiB: 63 }, swap: {} } }, "partitions.boot.sizeMiB", "partitions.swap"),
  {
    file: "board",
    text: changed(board, { partitions: { root: { sizeMiB: 512 } } }).replace("512", "1e400"),
    fields: ["partitions.root.sizeMiB"],
  },
  ofBoard({ console: null }, "console"),
  ofBoard({ console: "ttyS0 init=/bin/sh" }, "console"),
  ofBoard({ console: "ttyS0,115200\n" }, "console"),
  ofBoard({ extra: 1, other: 2 }, "extra", "other"),
  ofBoard({ name: 1, title: 2, architecture: 3 }, "name", "title", "architecture"),
  ofVersions({}),
  ofVersions({ rootfs: undefined }, "rootfs"),
  ofVersions({ rootfs: [] }, "rootfs"),
  ofVersions({ rootfs: { mips: pin } }, "rootfs.mips"),
  ofVersions({ rootfs: { arm64: "x" } }, "rootfs.arm64"),
  ofVersions({ docker: {} }, "docker"),
  ofVersions({ kernel: { arm64: pin }, firmware: { bl1: pin, "u-boot": pin } }),
  ofVersions({ kernel: { mips: pin } }, "kernel.mips"),
  ofVersions({ kernel: null }, "kernel"),
  ofVersions({ firmware: [] }, "firmware"),
  ofVersions({ firmware: { BL1: pin } }, "firmware.BL1"),
  ofVersions({ firmware: { bl1: { ...pin, sha256: "a" } } }, "firmware.bl1.sha256"),
  ofPin({}),
  ofPin({ sha256: "A".repeat(64) }, "sha256"),
  ofPin({ sha256: "a".repeat(65) }, "sha256"),
  ofPin({ sha256: `${"a".repeat(64)}\n` }, "sha256"),
  ofPin({ size: 1 }, "size"),
  ofUrl("http://127.0.0.1:8000/r", "good"),
  ofUrl(
    "http://127.0.0.1:4580/hypriot/os-rootfs/releases/download/v1.0.0/rootfs-arm64-1.0.0.tar.zst",
    "good",
  ),
  ofUrl("dist/rootfs.tar.zst", "good"),
  ofUrl("s3://some-bucket/builds/os-rootfs/0123/rootfs-arm64-1.0.0~rc.1+b2.tar.zst", "good"),
  ofUrl("s3://some-bucket/releases/os-rootfs/v1.0.0/rootfs.tar.zst", "good"),
  ofUrl("s3://some-bucket/pull-requests/os-rootfs/1/0123/rootfs.tar.zst", "bad"),
  ofUrl("s3://some-bucket/cache/x", "bad"),
  ofUrl("s3://some-bucket/builds/../cache/x", "bad"),
  ofUrl("s3://some-bucket/builds/a/../../cache/x", "bad"),
  ofUrl("s3://some-bucket/builds/..", "bad"),
  ofUrl("s3://some-bucket/builds/", "bad"),
  ofUrl("s3://Some_Bucket/builds/x", "bad"),
  ofUrl("s3://some-bucket/builds/a b", "bad"),
  ofUrl(`s3://some-bucket/builds/${"a".repeat(801)}`, "bad"),
  ofUrl(`https://example.org/${"a".repeat(2000)}`, "bad"),
  ofUrl("file:///etc/shadow", "bad"),
  ofUrl("ftp://example.org/r", "bad"),
  ofUrl("https://example.org", "bad"),
  ofUrl("https://user:secret@example.org/r", "bad"),
  ofUrl("https://example.org/\u001b[2J", "bad"),
  ofUrl("https://example.org/ü", "bad"),
  ofUrl("https://example.org/a\nb", "bad"),
  ofUrl("../rootfs.tar.zst", "bad"),
  ofUrl("/rootfs.tar.zst", "bad"),
  ofUrl("", "bad"),
  ofRootfs({}),
  ofRootfs({ architectures: ["arm64", "armhf"] }),
  ofRootfs({ release: "sid" }, "release"),
  ofRootfs({ architectures: [] }, "architectures"),
  ofRootfs({ architectures: "arm64" }, "architectures"),
  ofRootfs({ architectures: ["arm64", "x86"] }, "architectures[1]"),
  ofRootfs({ version: 2, extra: true }, "version", "extra"),
  ofKernel({}),
  ofKernel({
    configs: {
      armhf: { from: "source", target: "multi_v7_defconfig" },
      arm64: { from: "debian", flavour: "arm64-16k" },
    },
  }),
  ofKernel({ version: 2 }, "version"),
  ofKernel({ name: "Docker" }, "name"),
  ofKernel({ name: "a/../../b" }, "name"),
  ofKernel({ release: "sid" }, "release"),
  ofKernel({ source: "linux-source" }, "source"),
  ofKernel({ source: "linux-source-6.12\n" }, "source"),
  ofKernel({ source: "-oDir::Etc=x" }, "source"),
  ofKernel({ source: undefined }, "source"),
  ofKernel({ configs: {} }, "configs"),
  ofKernel({ configs: [] }, "configs"),
  ofKernel({ configs: undefined }, "configs"),
  ofKernel({ configs: { x86: { from: "debian", flavour: "arm64" } } }, "configs.x86"),
  ofKernel({ architectures: ["arm64"] }, "architectures"),
  ofConfig("defconfig", ""),
  ofConfig({}, ".from"),
  ofConfig({ from: "web" }, ".from"),
  ofConfig({ from: "debian" }, ".flavour"),
  ofConfig({ from: "debian", flavour: "arm_mp" }, ".flavour"),
  ofConfig({ from: "debian", flavour: "armmp", target: "defconfig" }, ".target"),
  ofConfig({ from: "source", target: "tinyconfig" }),
  ofConfig({ from: "source", target: "defconfig" }),
  ofConfig({ from: "source", target: "menuconfig" }, ".target"),
  ofConfig({ from: "source", target: "../defconfig" }, ".target"),
  ofConfig({ from: "source", target: "clean defconfig" }, ".target"),
  ...dockerCases,
];
