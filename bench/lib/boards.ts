import type { Document } from "yaml";

/** Gives a stack file this many boards, alternating between the two architectures of the seed boards. */
export function setBoards(config: Document, count: number): void {
  const boards = Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const [architecture, kernel] =
        index % 2 === 0 ? ["arm64", "linux-image-arm64"] : ["armhf", "linux-image-armmp"];
      const board = {
        title: `Board ${index}`,
        architecture,
        kernel: { package: kernel },
        boot: {
          method: "u-boot",
          package: "u-boot-sunxi",
          file: "orangepi_pc/u-boot-sunxi-with-spl.bin",
          offsetKiB: 8,
        },
      };
      return [`board-${index}`, board];
    }),
  );
  config.setIn(["config", "hypriotos:boards"], config.createNode(boards));
}
