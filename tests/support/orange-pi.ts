/** The entry of a board that no stack has, as somebody adds it. */
export const ORANGE_PI = {
  title: "Orange Pi PC",
  architecture: "armhf",
  kernel: { package: "linux-image-armmp" },
  boot: {
    method: "u-boot",
    package: "u-boot-sunxi",
    file: "orangepi_pc/u-boot-sunxi-with-spl.bin",
    offsetKiB: 8,
  },
};
