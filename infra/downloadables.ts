import type { Downloadables } from "../contracts/downloads.ts";
import type { BoardConfig, PipelineConfig } from "./config.ts";

/** Which of Raspberry Pi's models a device tree is of, as the Imager names them without their number of bits. */
const MODELS: readonly (readonly [RegExp, string])[] = [
  [/bcm2835-rpi-/, "pi1"],
  [/bcm283[67]-rpi-2-/, "pi2"],
  [/bcm2837-rpi-(?:3|cm3|zero-2)/, "pi3"],
  [/bcm2711-rpi-/, "pi4"],
  [/bcm2712-rpi-/, "pi5"],
];

/** The models that an image is for, as Raspberry Pi Imager filters by them. None for other makers' boards. */
export function imagerTags({
  architecture,
  deviceTrees,
}: Pick<BoardConfig, "architecture" | "deviceTrees">): string[] {
  const bits = architecture === "arm64" ? "64bit" : "32bit";
  const models = MODELS.filter(([pattern]) => deviceTrees.some((tree) => pattern.test(tree)));
  return models.map(([, model]) => `${model}-${bits}`);
}

/** What downloads knows of the repositories, as the text of its file. */
export function downloadables(config: Pick<PipelineConfig, "boards" | "kernels" | "rootfs">): string {
  const entries: Downloadables = {
    [config.rootfs.repository]: { kind: "rootfs" },
    ...Object.fromEntries(
      Object.values(config.kernels).map(({ repository }) => [repository, { kind: "kernel" as const }]),
    ),
    ...Object.fromEntries(
      Object.entries(config.boards).map(([board, { repository, title, architecture, deviceTrees }]) => [
        repository,
        {
          kind: "image" as const,
          board,
          title,
          architecture,
          imagerTags: imagerTags({ architecture, deviceTrees }),
        },
      ]),
    ),
  };
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
