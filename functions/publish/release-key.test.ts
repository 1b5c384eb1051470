import { describe, expect, it } from "vitest";
import { parseReleaseKey } from "./release-key.ts";

describe("parseReleaseKey", () => {
  it.each([
    ["releases/os-rootfs/v1.0.0/manifest.json", { repository: "os-rootfs", tag: "v1.0.0" }],
    [
      "releases/image-builder-rpi/v3.0.0-rc.1/manifest.json",
      { repository: "image-builder-rpi", tag: "v3.0.0-rc.1" },
    ],
    ["releases/a/v1.0.0%2Bbuild/manifest.json", { repository: "a", tag: "v1.0.0+build" }],
  ])("reads %s", (key, expected) => {
    expect(parseReleaseKey(key)).toMatchObject(expected);
  });

  it.each([
    "builds/os-rootfs/abc/manifest.json",
    "releases/os-rootfs/manifest.json",
    "releases/os-rootfs/v1/nested/manifest.json",
    "releases/os-rootfs/v1/image.img",
    "releases//v1/manifest.json",
    "x/releases/os-rootfs/v1/manifest.json",
  ])("leaves %s alone", (key) => {
    expect(parseReleaseKey(key)).toBeUndefined();
  });
});
