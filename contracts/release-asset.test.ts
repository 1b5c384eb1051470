import { describe, expect, it } from "vitest";
import { githubWebUrl, releaseAssetKey } from "./release-asset.ts";

describe("githubWebUrl", () => {
  it.each([
    ["https://api.github.com", "https://github.com"],
    ["https://api.hypriot.ghe.com", "https://hypriot.ghe.com"],
    ["https://github.example/api/v3", "https://github.example"],
    ["http://127.0.0.1:4580", "http://127.0.0.1:4580"],
    ["no URL", undefined],
  ])("of %s is %s", (api, web) => {
    expect(githubWebUrl(api)).toBe(web);
  });
});

describe("releaseAssetKey", () => {
  const key = (url: string) =>
    releaseAssetKey(url, { apiUrl: "https://api.github.com", organization: "hypriot" });
  const base = "https://github.com/hypriot/os-rootfs/releases/download/v1.0.0";

  it("is where the tag's build left it", () => {
    const expected = "releases/os-rootfs/v1.0.0/rootfs-arm64-1.0.0.tar.zst";
    expect(key(`${base}/rootfs-arm64-1.0.0.tar.zst`)).toBe(expected);
    expect(key(`${base.replace("hypriot", "Hypriot")}/rootfs-arm64-1.0.0.tar.zst`)).toBe(expected);
  });

  it.each([
    "https://github.example/hypriot/os-rootfs/releases/download/v1.0.0/r",
    "http://github.com/hypriot/os-rootfs/releases/download/v1.0.0/r",
    "https://github.com.example/hypriot/os-rootfs/releases/download/v1.0.0/r",
    "https://github.com/somebody/os-rootfs/releases/download/v1.0.0/r",
    "https://github.com/hypriot/os-rootfs/releases/latest/download/r",
    "https://github.com/hypriot/../releases/download/v1.0.0/r",
    "https://github.com/hypriot/os-rootfs/releases/download/../r",
    "https://github.com/hypriot/os-rootfs/releases/download/latest/r",
    `${base}/..`,
    `${base}/a/b`,
    `${base}/`,
    `${base}/a?b`,
    `${base}/a%2Fb`,
    "s3://hypriot/os-rootfs/releases/download/v1.0.0/r",
    "dist/rootfs.tar.zst",
  ])("is nothing for %s", (url) => {
    expect(key(url)).toBeUndefined();
  });
});
