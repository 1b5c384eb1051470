import { expect, it } from "vitest";
import { body, mark, occupiedComment, unpinnedText } from "./texts.ts";

const pin = {
  url: "https://github.example/hypriot/os-rootfs/releases/download/v1.2.0/r",
  sha256: "a".repeat(64),
};
const release = {
  dependency: "rootfs",
  tag: "v1.2.0",
  url: "https://github.example/hypriot/os-rootfs/releases/tag/v1.2.0",
  pins: { arm64: pin },
} as const;

it("shows what stood in versions.json as text: nobody is mentioned, nothing is linked or formatted", () => {
  const before = { url: "https://example.org/@maintainer/**x**?<img>#1", sha256: "b".repeat(64) };
  const text = body(release, [{ architecture: "arm64", before, after: pin }]);
  expect(text).toContain(`before: \`${before.sha256}\` from https:&#8203;//example\\.org/@&#8203;maintainer`);
  expect(text).toContain("\\*\\*x\\*\\*?&lt;img&gt;#&#8203;1");
  expect(text).toContain(`[release and notes](${release.url})`);
  expect(text).toContain(mark(release));
});

it("marks a kernel's by its package: a board can come to pin another, with versions of its own", () => {
  const kernel = { ...release, dependency: "kernel", kernelPackage: "linux-image-docker" } as const;
  expect(mark(kernel)).not.toBe(mark({ ...kernel, kernelPackage: "linux-image-other" }));
  expect(occupiedComment(kernel, kernel.pins)).toContain('"kernel": {');
  expect(mark(release)).toBe("<!-- hypriotos:pins rootfs v1.2.0 -->");
});

it("says how to pin by hand where the pipeline cannot", () => {
  const json = JSON.stringify({ rootfs: release.pins }, undefined, 2);
  expect(occupiedComment(release, release.pins)).toContain(json);
  const { summary } = unpinnedText(release, release.pins, ["versions.json: found @maintainer"]);
  expect(summary).toContain(json);
  expect(summary).toContain("- versions\\.json: found @&#8203;maintainer");
});
