import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { Boot } from "./boot.ts";
import { uniqueList } from "./list.ts";
import { PackageName, RelativePath, Slug, Title } from "./names.ts";
import { exactObject } from "./object.ts";

/** The version of `board.json`. It goes up when an older builder would misread a newer file. */
export const BOARD_VERSION = 1;

/** Sizes in MiB; the root partition grows to the card's size at first boot. */
function sizeMiB(minimum: number, maximum: number, initial: number, description: string) {
  const expected = `a whole number of MiB from ${minimum} to ${maximum}`;
  return exactObject({
    sizeMiB: z
      .int({ error: expected })
      .min(minimum, { error: expected })
      .max(maximum, { error: expected })
      .default(initial)
      .meta({ description }),
  }).prefault({});
}

const DeviceTree = RelativePath.regex(/\.dtb$/, { error: "a device tree file that ends in .dtb" });

const deviceTreesExpected = "a list of device tree files, relative to the kernel's device tree folder";
const extraPackagesExpected = "a list of Debian package names";

/** What a board is, without its name: what a stack's config says of it, and `board.json` too. */
export const boardShape = {
  title: Title.meta({ description: "The board's name as people write it." }),
  architecture: Architecture,
  kernel: exactObject({
    package: PackageName.meta({ description: "Debian package of the kernel." }),
    pinned: z.literal(true, { error: "true, or nothing" }).exactOptional().meta({
      description:
        "The package is the file that `kernel` in versions.json pins, such as a kernel repository's. Default: Debian's.",
    }),
  }).meta({ description: "Where the kernel comes from." }),
  boot: Boot,
  deviceTrees: uniqueList(DeviceTree, deviceTreesExpected).default([]).meta({
    description: "Device tree files that the image must have, relative to the kernel's device tree folder.",
  }),
  partitions: exactObject({
    boot: sizeMiB(64, 2048, 256, "Size of the boot partition in MiB."),
    root: sizeMiB(
      512,
      16384,
      1536,
      "Size of the root partition in the image, in MiB; it grows at first boot.",
    ),
  })
    .prefault({})
    .meta({ description: "Partition sizes." }),
  console: z
    .string({ error: "a serial console as the kernel takes it, ttyS0,115200" })
    .regex(/^tty[A-Z]{1,5}[0-9]{1,2}(,[0-9]{3,7})?$/, {
      error: "a serial console as the kernel takes it, ttyS0,115200",
    })
    .default("ttyS0,115200")
    .meta({ description: "Serial console, as the kernel's console= takes it." }),
  extraPackages: uniqueList(PackageName, extraPackagesExpected)
    .default([])
    .meta({ description: "Debian packages that this board needs beyond the root filesystem's." }),
} as const;

/** The managed file `board.json` of an image repository. */
export const BoardDocument = exactObject({
  version: z.literal(BOARD_VERSION),
  name: Slug,
  ...boardShape,
});

export type BoardDocument = z.infer<typeof BoardDocument>;
