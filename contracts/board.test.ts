import { describe, expect, it } from "vitest";
import { BOARD_VERSION, BoardDocument } from "./board.ts";

const board = {
  version: BOARD_VERSION,
  name: "banana-pi",
  title: "Banana Pi",
  architecture: "armhf",
  kernel: { package: "linux-image-armmp" },
  boot: {
    method: "u-boot",
    package: "u-boot-sunxi",
    file: "Bananapi/u-boot-sunxi-with-spl.bin",
    offsetKiB: 8,
  },
};

describe("BoardDocument", () => {
  it("fills in what a board may leave out", () => {
    expect(BoardDocument.parse(board)).toEqual({
      ...board,
      deviceTrees: [],
      partitions: { boot: { sizeMiB: 256 }, root: { sizeMiB: 1536 } },
      console: "ttyS0,115200",
      extraPackages: [],
    });
  });

  it("refuses another version: an older builder would misread it", () => {
    expect(BoardDocument.safeParse({ ...board, version: BOARD_VERSION + 1 }).success).toBe(false);
  });

  it("refuses what the program does not write", () => {
    expect(BoardDocument.safeParse({ ...board, repository: "image-builder-banana-pi" }).success).toBe(false);
  });
});
