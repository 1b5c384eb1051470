import { describe, expect, it } from "vitest";
import { bucketArtifact, PinnedUrl } from "./versions.ts";

describe("bucketArtifact", () => {
  it("takes an address in the artifact bucket apart", () => {
    expect(bucketArtifact("s3://own/releases/os-rootfs/v1.0.0/rootfs-arm64-1.0.0.tar.zst")).toEqual({
      bucket: "own",
      key: "releases/os-rootfs/v1.0.0/rootfs-arm64-1.0.0.tar.zst",
    });
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
