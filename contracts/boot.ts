import { z } from "zod";
import { PackageName, RelativePath, Slug, Title } from "./names.ts";
import { exactObject } from "./object.ts";

const offsetExpected =
  "a whole number of KiB from 1 to 1023: after the partition table, before the first partition";

const partOffsetExpected =
  "KiB from 0 to 4095.5, before the first partition, in steps of 0.5: a sector has half a KiB";
const partSizeExpected = "KiB from 0.5 to 4096 in steps of 0.5: a sector has half a KiB";

function halfKiB(minimum: number, maximum: number, expected: string) {
  return z
    .number({ error: expected })
    .min(minimum, { error: expected })
    .max(maximum, { error: expected })
    .multipleOf(0.5, { error: expected });
}

/** Where a part lies on the card, whatever it comes from. */
const placed = {
  offsetKiB: halfKiB(0, 4095.5, partOffsetExpected).meta({
    description:
      "Where on the card it is written, in KiB; a sector is 0.5. At 0 it goes around the partition table: its bytes 442 to 511 are left out.",
  }),
  lengthKiB: halfKiB(0.5, 4096, partSizeExpected).exactOptional().meta({
    description: "How much of it is written at most, in KiB, where the vendor cuts it too. Default: all.",
  }),
};

const Part = z.discriminatedUnion(
  "source",
  [
    exactObject({
      source: z.literal("package").meta({ description: "A file of a Debian package." }),
      package: PackageName.meta({ description: "Debian package that ships it." }),
      file: RelativePath.meta({ description: "File of that package, relative to /usr/lib/u-boot." }),
      ...placed,
    }),
    exactObject({
      source: z.literal("vendor").meta({
        description: "A vendor's file, which `firmware` in versions.json pins by address and SHA-256.",
      }),
      name: Slug.meta({ description: "Its name in versions.json." }),
      maximumKiB: halfKiB(0.5, 4096, partSizeExpected).meta({
        description: "A file that is larger is refused, in KiB.",
      }),
      license: Title.meta({ description: "Whose it is and what may be done with it, in one line." }),
      ...placed,
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union" ? "one of package, vendor" : "a mapping with source package or vendor",
  },
);

const partsExpected = "a list of at least one part of the boot loader";

const headerExpected = "a line of capital letters, digits and hyphens, at most 40";
const addressExpected = "an address in memory like 0x11000000";
const Address = z.string({ error: addressExpected }).regex(/^0x[0-9a-f]{1,8}$/, { error: addressExpected });

const PAGE_SIZES = [2048, 4096, 8192, 16_384] as const;

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
  exactObject({
    method: z.literal("u-boot-parts").meta({
      description: "A boot loader of several files between partition table and first partition.",
    }),
    parts: z
      .array(Part, { error: partsExpected })
      .min(1, { error: partsExpected })
      .max(16, { error: "at most 16 parts" })
      .meta({
        description: "Its files, written in this order: a later one may write over an earlier one's end.",
      }),
    script: z
      .enum(["extlinux", "boot.scr", "boot.ini"], { error: "one of extlinux, boot.scr, boot.ini" })
      .meta({
        description:
          "What the boot loader reads: extlinux.conf or boot.scr on the root partition, boot.ini on the boot partition.",
      }),
    header: z
      .string({ error: headerExpected })
      .regex(/^[A-Z0-9][A-Z0-9-]{0,39}$/, { error: headerExpected })
      .exactOptional()
      .meta({ description: "The first line of boot.ini, by which a vendor's U-Boot knows it." }),
    addresses: exactObject({
      kernel: Address.meta({ description: "Where the kernel is loaded." }),
      initramfs: Address.meta({ description: "Where the initramfs is loaded." }),
      deviceTree: Address.meta({ description: "Where the device tree is loaded." }),
    })
      .exactOptional()
      .meta({
        description:
          "Where in memory boot.scr and boot.ini load what they start. Default: U-Boot's own variables, kernel_addr_r and so on.",
      }),
  }),
  exactObject({
    method: z.literal("android-boot-image").meta({
      description:
        "Kernel and initramfs as an Android boot image beside the card's image, for fastboot. The boot loader is the device's own.",
    }),
    pageSizeBytes: z
      .literal(PAGE_SIZES, { error: `one of ${PAGE_SIZES.join(", ")} bytes` })
      .meta({ description: "Page size of the boot image, as the device's boot loader wants it, in bytes." }),
  }),
] as const;

const methods = BOOT_METHODS.map(({ shape }) => shape.method.value);

export const Boot = z
  .discriminatedUnion("method", BOOT_METHODS, {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `one of ${methods.join(", ")}`
        : `a mapping with method, one of ${methods.join(", ")}`,
  })
  .meta({ description: "How the board finds its kernel." });
