import { describe, expect, it } from "vitest";
import { missingFields, newBoard, readRequest } from "./request.ts";

const raspberry = ["--name", "rpi", "--title", "Pi", "--architecture=arm64", "--kernel", "linux-image-arm64"];
const uBoot = ["--boot", "u-boot", "--boot-package", "u-boot-sunxi", "--boot-file", "a/b.bin"];

describe("the command line of add-board", () => {
  it("becomes an entry as the stack file has it", () => {
    const more = ["--boot-offset-kib", "8", "--device-tree", "a.dtb,b.dtb", "--device-tree", "c.dtb"];
    const { given, stack, preview } = readRequest([...raspberry, ...uBoot, ...more, "--no-preview"]);
    expect({ stack, preview }).toEqual({ stack: "local", preview: false });
    expect(newBoard(given)).toEqual({
      name: "rpi",
      entry: {
        title: "Pi",
        architecture: "arm64",
        kernel: { package: "linux-image-arm64" },
        boot: { method: "u-boot", package: "u-boot-sunxi", file: "a/b.bin", offsetKiB: 8 },
        deviceTrees: ["a.dtb", "b.dtb", "c.dtb"],
      },
    });
  });

  it("names every mistake at once", () => {
    const wrong = [
      "--name",
      "Big",
      "--boot",
      "grub",
      "--titel",
      "x",
      "--stack",
      "../x",
      "--title",
      "a",
      "--title",
      "b",
      "y",
      "--kernel",
    ];
    expect(() => readRequest(wrong)).toThrow(
      [
        "nothing was changed:",
        "  --titel: found an unknown flag — did you mean --title?",
        '  found "x", expected flags only',
        '  found "y", expected flags only',
        "  --kernel: found nothing, expected a value",
        '  --name: found "Big", expected lower-case letters, digits and single hyphens between them, at most 40 characters',
        '  --boot: found "grub", expected one of raspi-firmware, u-boot, u-boot-parts, android-boot-image',
        "  --title: found 2 times, expected once",
        '  --stack: found "../x", expected a stack\'s name',
      ].join("\n"),
    );
  });

  it("refuses what belongs to another boot method", () => {
    expect(() => readRequest([...raspberry, "--boot", "raspi-firmware", "--boot-offset-kib", "8"])).toThrow(
      "--boot-offset-kib: found a flag of u-boot, expected none: --boot is raspi-firmware",
    );
  });

  it("refuses a number that is none as its schema does", () => {
    expect(() => readRequest([...raspberry, ...uBoot, "--boot-offset-kib", "8k"])).toThrow(
      '--boot-offset-kib: found "8k", expected a whole number of KiB',
    );
  });

  it("names every flag that is missing, those of the boot method too", () => {
    const { given } = readRequest(["--title", "Pi", "--boot", "u-boot"]);
    expect(missingFields(given).map(({ flag }) => flag)).toEqual([
      "name",
      "architecture",
      "kernel",
      "boot-package",
      "boot-file",
      "boot-offset-kib",
    ]);
    expect(() => newBoard(given)).toThrow(
      /--kernel: Debian package of the kernel, such as linux-image-armmp\n/,
    );
  });
});
