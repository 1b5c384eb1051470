import { z } from "zod";
import { PackageName, RelativePath } from "./names.ts";
import { exactObject } from "./object.ts";

const offsetExpected =
  "a whole number of KiB from 1 to 1023: after the partition table, before the first partition";

/**
 * Every way that a board finds its kernel. A new one is a member here, and the same in `builder/lib/validate/board.jq`;
 * `npm run add-board` asks for its fields by itself. What builds it is `builder/boot/<method>.sh`.
 */
export const BOOT_METHODS = [
  exactObject({
    method: z
      .literal("raspi-firmware")
      .meta({ description: "Raspberry Pi firmware files in the boot partition." }),
  }),
  exactObject({
    method: z
      .literal("u-boot")
      .meta({ description: "U-Boot written between partition table and first partition." }),
    package: PackageName.meta({ description: "Debian package that ships the boot loader." }),
    file: RelativePath.meta({ description: "File of that package, relative to /usr/lib/u-boot." }),
    offsetKiB: z
      .int({ error: offsetExpected })
      .min(1, { error: offsetExpected })
      .max(1023, { error: offsetExpected })
      .meta({ description: "Where on the card the file is written, in KiB." }),
  }),
] as const;

const methods = BOOT_METHODS.map(({ shape }) => shape.method.value);

export const Boot = z
  .discriminatedUnion("method", BOOT_METHODS, {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `one of ${methods.join(", ")}`
        : `a mapping with method ${methods.join(" or ")}`,
  })
  .meta({ description: "How the board finds its kernel." });
