import { describe, expect, it } from "vitest";
import { artifactProblem } from "./artifacts.ts";

describe("artifactProblem", () => {
  it.each([
    "hypriotos-rpi-1.0.0.img.zst",
    "rootfs-arm64-v1.0.0-rc.1.tar.zst.sha256",
    "sub/folder~1/a+b",
    ".hidden",
  ])("takes %s", (path) => {
    expect(artifactProblem(path, "file")).toBeUndefined();
  });

  it.each(["../x", "a/../b", "a//b", "a b", "a\u001bb", "a\nb", "ü", "x".repeat(256), "a/./b"])(
    "refuses %j",
    (path) => {
      expect(artifactProblem(path, "file")).toMatch(/^dist\/.*: found a name that cannot be kept/);
      expect(artifactProblem(path, "file")).not.toMatch(/\p{Cc}/u);
    },
  );

  it.each(["manifest.json", "log.txt", "test-report.json"])("keeps %s for the pipeline", (path) => {
    expect(artifactProblem(path, "file")).toBe(
      `dist/${path}: found a name that the pipeline itself uses, expected another name`,
    );
    expect(artifactProblem(`below/${path}`, "file")).toBeUndefined();
  });

  it.each(["symlink", "link", "fifo", "character-device"])("refuses a %s", (type) => {
    expect(artifactProblem("a", type)).toBe(`dist/a: found a ${type}, expected a plain file`);
  });
});
