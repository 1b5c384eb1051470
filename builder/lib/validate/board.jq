include "common";
def console_expected: "a serial console as the kernel takes it, ttyS0,115200";
def size($path; $minimum; $maximum):
  optional($path;
    fields($path; ["sizeMiB"]),
    optional($path + ["sizeMiB"];
      expect($path + ["sizeMiB"]; is_whole($minimum; $maximum); "a whole number of MiB from \($minimum) to \($maximum)")));
def items_of($path; condition; $expected):
  optional($path; list($path), (items($path) as $item | expect($item; condition; $expected)), each_once($path));

def part_offset: "KiB from 0 to 4095.5, before the first partition, in steps of 0.5: a sector has half a KiB";
def part_size: "KiB from 0.5 to 4096 in steps of 0.5: a sector has half a KiB";
def is_half($minimum; $maximum): type == "number" and . * 2 == (. * 2 | floor) and . >= $minimum and . <= $maximum;
def part($path):
  ["source", "offsetKiB", "lengthKiB"] as $common
  | expect($path + ["source"]; . == "package" or . == "vendor"; "one of package, vendor"),
    (select(at($path + ["source"]) == "package") |
      fields($path; $common + ["package", "file"]),
      expect($path + ["package"]; is_package; package_expected),
      expect($path + ["file"]; is_path; path_expected)),
    (select(at($path + ["source"]) == "vendor") |
      fields($path; $common + ["name", "maximumKiB", "license"]),
      expect($path + ["name"]; is_slug; slug_expected),
      expect($path + ["maximumKiB"]; is_half(0.5; 4096); part_size),
      expect($path + ["license"]; is_title; title_expected)),
    (select(at($path + ["source"]) | . == "package" or . == "vendor") |
      expect($path + ["offsetKiB"]; is_half(0; 4095.5); part_offset),
      optional($path + ["lengthKiB"]; expect($path + ["lengthKiB"]; is_half(0.5; 4096); part_size)));

fields([]; ["version", "name", "title", "architecture", "kernel", "boot", "deviceTrees", "partitions", "console", "extraPackages"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  expect(["name"]; is_slug; slug_expected),
  expect(["title"]; is_title; title_expected),
  expect(["architecture"]; is_architecture; architecture_expected),
  fields(["kernel"]; ["package", "pinned"]),
  expect(["kernel", "package"]; is_package; package_expected),
  optional(["kernel", "pinned"]; expect(["kernel", "pinned"]; . == true; "true, or nothing")),
  expect(["boot", "method"]; IN("raspi-firmware", "u-boot", "u-boot-parts", "android-boot-image"); "one of raspi-firmware, u-boot, u-boot-parts, android-boot-image"),
  (select(at(["boot", "method"]) == "raspi-firmware") | fields(["boot"]; ["method"])),
  (select(at(["boot", "method"]) == "u-boot") |
    fields(["boot"]; ["method", "package", "file", "offsetKiB"]),
    expect(["boot", "package"]; is_package; package_expected),
    expect(["boot", "file"]; is_path; path_expected),
    expect(["boot", "offsetKiB"]; is_whole(1; 1023); "a whole number of KiB from 1 to 1023: after the partition table, before the first partition")),
  (select(at(["boot", "method"]) == "u-boot-parts") |
    fields(["boot"]; ["method", "parts", "script", "header", "addresses"]),
    expect(["boot", "parts"]; type == "array" and length >= 1 and length <= 16; "a list of 1 to 16 parts of the boot loader"),
    (items(["boot", "parts"]) as $path | part($path)),
    expect(["boot", "script"]; IN("extlinux", "boot.scr", "boot.ini"); "one of extlinux, boot.scr, boot.ini"),
    optional(["boot", "header"];
      expect(["boot", "header"]; text("\\A[A-Z0-9][A-Z0-9-]{0,39}\\z"; 40); "a line of capital letters, digits and hyphens, at most 40")),
    optional(["boot", "addresses"];
      fields(["boot", "addresses"]; ["kernel", "initramfs", "deviceTree"]),
      (["kernel", "initramfs", "deviceTree"][] as $name
        | expect(["boot", "addresses", $name]; text("\\A0x[0-9a-f]{1,8}\\z"; 10); "an address in memory like 0x11000000")))),
  (select(at(["boot", "method"]) == "android-boot-image") |
    fields(["boot"]; ["method", "pageSizeBytes"]),
    expect(["boot", "pageSizeBytes"]; IN(2048, 4096, 8192, 16384); "one of 2048, 4096, 8192, 16384 bytes")),
  items_of(["deviceTrees"]; is_path and endswith(".dtb"); "a device tree file that ends in .dtb, relative to the kernel's device tree folder"),
  optional(["partitions"]; fields(["partitions"]; ["boot", "root"])),
  size(["partitions", "boot"]; 64; 2048),
  size(["partitions", "root"]; 512; 16384),
  optional(["console"]; expect(["console"]; text("\\Atty[A-Z]{1,5}[0-9]{1,2}(,[0-9]{3,7})?\\z"; 40); console_expected)),
  items_of(["extraPackages"]; is_package; package_expected))
