import { describe, expect, it } from "vitest";
import { DownloadsIndex, ImagerList } from "../../contracts/downloads.ts";
import { releaseProblems } from "./check.ts";
import { downloadsIndex, imagerList, type Newest } from "./documents.ts";
import { candidates } from "./newest.ts";
import { DOWNLOADABLES, published, SETTINGS } from "./testing/releases.ts";

const RPI = "image-builder-rpi";

function newest(latest?: string, preRelease?: string): ReadonlyMap<string, Newest> {
  const of = (tag: string | undefined) => (tag === undefined ? undefined : published(RPI, tag));
  return new Map([[RPI, { latest: of(latest), preRelease: of(preRelease) }]]);
}

function listed(latest?: string, preRelease?: string): string[] {
  const { os_list } = imagerList(SETTINGS.webUrl, DOWNLOADABLES, newest(latest, preRelease));
  return os_list.map(({ name }) => name);
}

describe("the newest releases", () => {
  it("are the highest versions, finals and pre-releases apart", () => {
    const key = (tag: string) => `releases/${RPI}/${tag}/release.json`;
    const tags = ["v1.9.0", "v1.10.0-rc.2", "v1.10.0", "v1.10.0-rc.10", "v0.1.0"];
    const found = candidates([
      ...tags.map(key),
      `releases/${RPI}/v2.0.0/manifest.json`,
      "downloads/index.json",
    ]);
    expect(found).toEqual(
      new Map([
        [
          RPI,
          {
            finals: ["v1.10.0", "v1.9.0", "v0.1.0"].map(key),
            preReleases: ["v1.10.0-rc.10", "v1.10.0-rc.2"].map(key),
          },
        ],
      ]),
    );
  });
});

describe("index.json", () => {
  it("has every board and root filesystem, released or not", () => {
    const index = downloadsIndex("hypriot", DOWNLOADABLES, newest("v1.0.0"));
    expect(DownloadsIndex.parse(index)).toEqual(index);
    expect(index).toMatchObject({
      boards: {
        "raspberry-pi": {
          repository: "hypriot/image-builder-rpi",
          latest: {
            tag: "v1.0.0",
            signatureUrl:
              "https://github.example/hypriot/image-builder-rpi/releases/download/v1.0.0/SHA256SUMS.sig",
            assets: [{ name: "hypriotos.img.zst", size: 500, extracted: { size: 1000 } }, {}, {}],
          },
        },
        "banana-pi": { title: "Banana Pi M1", architecture: "armhf" },
      },
      rootfs: [{ repository: "hypriot/os-rootfs" }],
      kernels: [],
    });
    expect(index.boards["raspberry-pi"]?.preRelease).toBeUndefined();
    expect(index.boards["raspberry-pi"]?.latest?.assets[0]).not.toHaveProperty("path");
  });
});

describe("os_list.json", () => {
  it("has what the Imager needs to write an image and to check what it wrote", () => {
    const list = imagerList(SETTINGS.webUrl, DOWNLOADABLES, newest("v1.0.0"));
    expect(ImagerList.parse(list)).toEqual(list);
    expect(list.os_list).toEqual([
      {
        name: "HypriotOS 1.0.0 for Raspberry Pi 3 and 4",
        description: "Debian with Docker, ready to go",
        icon: "https://github.example/hypriot.png",
        url: "https://github.example/hypriot/image-builder-rpi/releases/download/v1.0.0/hypriotos.img.zst",
        website: "https://github.example/hypriot/image-builder-rpi/releases/tag/v1.0.0",
        release_date: "2026-11-24",
        extract_size: 1000,
        extract_sha256: "e".repeat(64),
        image_download_size: 500,
        image_download_sha256: "a".repeat(64),
        init_format: "cloudinit",
        devices: ["raspberry-pi", "pi3-64bit", "pi4-64bit"],
        architecture: "armv8",
      },
    ]);
    // With one of its own tags, each board is a device that can be chosen.
    expect(list.imager.devices.map(({ name, tags }) => [name, tags])).toEqual([
      ["Raspberry Pi 3 and 4", ["raspberry-pi"]],
      ["Banana Pi M1", ["banana-pi"]],
    ]);
  });

  it("has a pre-release only where it comes after the latest", () => {
    const name = (version: string) => `HypriotOS ${version} for Raspberry Pi 3 and 4`;
    expect(listed("v1.0.0", "v1.0.0-rc.1")).toEqual([name("1.0.0")]);
    expect(listed("v1.0.0", "v1.1.0-rc.1")).toEqual([name("1.0.0"), name("1.1.0-rc.1")]);
    expect(listed(undefined, "v1.0.0-rc.1")).toEqual([name("1.0.0-rc.1")]);
    expect(listed()).toEqual([]);
  });

  it("leaves out an image whose extracted size nobody knows", () => {
    const release = published(RPI, "v1.0.0");
    const assets = release.assets.map(({ extracted: _, ...asset }) => asset);
    const without = new Map([[RPI, { latest: { ...release, assets }, preRelease: undefined }]]);
    expect(imagerList(SETTINGS.webUrl, DOWNLOADABLES, without).os_list).toEqual([]);
  });
});

describe("a release that parses and is not right", () => {
  it("is told with everything that is wrong", () => {
    const release = published(RPI, "v1.0.0");
    expect(releaseProblems(release, SETTINGS)).toEqual([]);
    const [image, sums] = release.assets;
    if (image === undefined || sums === undefined) throw new Error("no assets");
    expect(
      releaseProblems(
        { ...release, preRelease: true, assets: [{ ...image, url: "https://evil.example/image" }, sums] },
        SETTINGS,
      ),
    ).toEqual([
      "preRelease: found true, expected what v1.0.0 says",
      "assets: found hypriotos.img.zst at https://evil.example/image, expected it below https://github.example/hypriot/image-builder-rpi/releases/",
      "assets: found no SHA256SUMS.sig",
    ]);
    expect(releaseProblems({ ...release, repository: `evil/${RPI}` }, SETTINGS)).toContain(
      "repository: found one of evil, expected one of hypriot",
    );
  });
});
