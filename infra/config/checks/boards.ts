import type { BoardConfig, Draft } from "../model.ts";
import { type Problem, problem } from "../problems.ts";
import { checkRepeated } from "./repeated.ts";

/** The root filesystem's repository stands beside the boards' under this name. */
const RESERVED_NAME = "rootfs";

export function checkBoards(draft: Draft): Problem[] {
  return [...draft.boards].flatMap(([name, board]) => [
    ...(name === RESERVED_NAME
      ? [problem(["boards", name], "this key", "another name: the root filesystem's repository has this one")]
      : []),
    ...checkBoard(name, board),
  ]);
}

function checkBoard(name: string, board: BoardConfig): Problem[] {
  const path = ["boards", name];
  const boot =
    board.boot.method === "raspi-firmware" && board.architecture === "amd64"
      ? [
          problem(
            [...path, "boot", "method"],
            '"raspi-firmware"',
            "a method for amd64: this one starts ARM kernels only",
          ),
        ]
      : [];
  return [
    ...boot,
    ...checkRepeated([...path, "deviceTrees"], board.deviceTrees),
    ...checkRepeated([...path, "extraPackages"], board.extraPackages),
  ];
}
