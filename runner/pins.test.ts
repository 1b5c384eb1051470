import { describe, expect, it } from "vitest";
import { bucketPins } from "./pins.ts";

const sha256 = "a".repeat(64);
const OWN = { bucket: "own", apiUrl: "https://api.github.com", organization: "hypriot" };

function pins(rootfs: unknown, architectures: readonly ("arm64" | "armhf")[] = ["arm64"]) {
  const document = Buffer.from(JSON.stringify({ version: 1, rootfs }));
  return bucketPins(document, architectures, OWN);
}

describe("bucketPins", () => {
  it("finds what is pinned in the runner's own bucket, for what is built", () => {
    const url = "s3://own/releases/os-rootfs/v1.0.0/rootfs.tar.zst";
    const other = { url: "s3://own/builds/os-rootfs/x/rootfs.tar.zst", sha256 };
    expect(pins({ arm64: { url, sha256 }, armhf: other })).toEqual({
      pins: [
        {
          field: "versions.json: rootfs.arm64",
          url,
          key: "releases/os-rootfs/v1.0.0/rootfs.tar.zst",
          sha256,
          elsewhere: false,
        },
      ],
      problems: [],
    });
  });

  it("finds a release's asset of the organization in the bucket, which may lack it", () => {
    const name = "rootfs-arm64-1.0.0.tar.zst";
    const url = `https://github.com/hypriot/os-rootfs/releases/download/v1.0.0/${name}`;
    expect(pins({ arm64: { url, sha256 } })).toEqual({
      pins: [
        {
          field: "versions.json: rootfs.arm64",
          url,
          key: `releases/os-rootfs/v1.0.0/${name}`,
          sha256,
          elsewhere: true,
        },
      ],
      problems: [],
    });
    const other = url.replace("hypriot", "somebody");
    expect(pins({ arm64: { url: other, sha256 } })).toEqual({ pins: [], problems: [] });
  });

  it("leaves other addresses, other architectures and what is no document to the builder", () => {
    const nothing = { pins: [], problems: [] };
    expect(pins({ arm64: { url: "https://example.org/r.tar.zst", sha256 } })).toEqual(nothing);
    expect(pins({ arm64: { url: "rootfs.tar.zst", sha256 } })).toEqual(nothing);
    expect(pins({})).toEqual(nothing);
    expect(pins({ arm64: { url: "s3://own/cache/x", sha256 } })).toEqual(nothing);
    expect(pins({ arm64: { url: "s3://own/builds/../cache/x", sha256 } })).toEqual(nothing);
    expect(bucketPins(Buffer.from("{"), ["arm64"], OWN)).toEqual(nothing);
    expect(bucketPins(undefined, ["arm64"], OWN)).toEqual(nothing);
  });

  it("finds a pinned kernel and a vendor's files too", () => {
    const pin = (name: string) => ({ url: `s3://own/builds/kernel/x/${name}`, sha256 });
    const document = {
      version: 1,
      rootfs: {},
      kernel: { arm64: pin("linux.deb"), armhf: pin("other.deb") },
      firmware: { bl1: pin("bl1.bin"), bl2: { url: "https://example.org/bl2", sha256 } },
    };
    const found = bucketPins(Buffer.from(JSON.stringify(document)), ["arm64"], OWN);
    expect(found.pins.map(({ field, key }) => [field, key])).toEqual([
      ["versions.json: kernel.arm64", "builds/kernel/x/linux.deb"],
      ["versions.json: firmware.bl1", "builds/kernel/x/bl1.bin"],
    ]);
  });

  it("refuses every other bucket", () => {
    const url = "s3://other/builds/os-rootfs/x/rootfs.tar.zst";
    expect(pins({ arm64: { url, sha256 } }).problems).toEqual([
      `versions.json: rootfs.arm64.url: found ${url}, expected an artifact of s3://own`,
    ]);
  });
});
