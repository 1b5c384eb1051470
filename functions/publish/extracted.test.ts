import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../contracts/manifest.ts";
import { extractedImages } from "./extracted.ts";

const SHA256 = "a".repeat(64);

/** As bmaptool writes it. */
const BMAP = `<?xml version="1.0" ?>
<bmap version="2.0">
    <!-- Image size in bytes: 1.8 GiB -->
    <ImageSize> 1879048192 </ImageSize>
    <BlockSize> 4096 </BlockSize>
</bmap>
`;

const FILES = { "d/x.img.zst": "", "d/x.img.sha256": `${SHA256}  x.img\n`, "d/x.bmap": BMAP };

/** `found` is what lies in the bucket, where that is not what the build made. */
function extracted(made: Readonly<Record<string, string>>, found = made) {
  const artifacts = Object.entries(made).map(([path, text]) => ({
    path,
    size: text.length,
    sha256: createHash("sha256").update(text).digest("hex"),
  }));
  return extractedImages({ artifacts } as unknown as Manifest, async (path) => found[path] ?? "");
}

describe("an image's size and checksum when it is extracted", () => {
  it("are those in the files that the builder writes beside it", async () => {
    expect(await extracted(FILES)).toEqual(
      new Map([["d/x.img.zst", { size: 1_879_048_192, sha256: SHA256 }]]),
    );
  });

  it.each([
    ["there is no checksum", { "d/x.img.sha256": undefined }],
    ["the checksum is none", { "d/x.img.sha256": "of another kind  x.img\n" }],
    ["the size is none", { "d/x.bmap": "<ImageSize> 0 </ImageSize>" }],
  ])("are unknown where %s", async (_, changes) => {
    const files = Object.entries({ ...FILES, ...changes }).filter(([, text]) => text !== undefined);
    expect(await extracted(Object.fromEntries(files) as Record<string, string>)).toEqual(new Map());
  });

  it("are unknown where a file is not the build's any more", async () => {
    const found = { ...FILES, "d/x.bmap": BMAP.replace("1879048192", "1") };
    expect(await extracted(FILES, found)).toEqual(new Map());
  });
});
