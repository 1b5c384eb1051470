import type { Document } from "yaml";

/** Gives a stack file this many boards, alternating between the two architectures of the seed boards. */
export function setBoards(config: Document, count: number): void {
  const boards = Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const [architecture, kernel] =
        index % 2 === 0 ? ["arm64", "linux-image-arm64"] : ["armhf", "linux-image-armmp"];
      // As short as an entry can be: the engine hands the whole config over in one variable of 128 KiB.
      const board = {
        title: `Board ${index}`,
        architecture,
        kernel: { package: kernel },
        boot: { method: "raspi-firmware" },
      };
      return [`board-${index}`, board];
    }),
  );
  config.setIn(["config", "hypriotos:boards"], config.createNode(boards));
}
