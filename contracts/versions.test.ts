import { describe, expect, it } from "vitest";
import { bucketArtifact, PinnedUrl } from "./versions.ts";

describe("a pin's address", () => {
  it.each([
    "https://example.org/rootfs.tar.zst",
    "s3://hypriot-local-artifacts/builds/os-rootfs/0123/rootfs-arm64-1.tar.zst",
    "pins/rootfs.tar.zst",
  ])("may be %s", (url) => {
    expect(PinnedUrl.safeParse(url).success).toBe(true);
  });

  it.each([
    "",
    "file:///etc/passwd",
    "../rootfs.tar.zst",
    "/etc/passwd",
    "s3://hypriot-local-artifacts/cache/key",
    "s3://hypriot-local-artifacts/pull-requests/os-rootfs/1/rootfs.tar.zst",
    "s3://hypriot-local-artifacts/builds/../releases/x",
    "https://example.org/a b",
  ])("may not be %j", (url) => {
    expect(PinnedUrl.safeParse(url).success).toBe(false);
  });

  it("in a bucket has a bucket and a key", () => {
    expect(bucketArtifact("s3://bucket/builds/os-rootfs/a.tar.zst")).toEqual({
      bucket: "bucket",
      key: "builds/os-rootfs/a.tar.zst",
    });
    expect(bucketArtifact("https://example.org/a")).toBeUndefined();
  });

  it.each([
    "s3://own/builds/../cache/x",
    "s3://own/builds/x/../../cache/y",
    "s3://own/builds/./x",
    "s3://own/builds/x/..",
    "s3://own/cache/x",
    "s3://own/pull-requests/x/1/y",
    "s3://own/builds/",
    "s3://own/builds/a b",
    "s3://own/builds/x?versionId=1",
  ])("refuses %s", (url) => {
    expect(bucketArtifact(url)).toBeUndefined();
    expect(PinnedUrl.safeParse(url).success).toBe(false);
  });
});
