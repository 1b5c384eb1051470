include "common";
def console_expected: "a serial console as the kernel takes it, ttyS0,115200";
def size($path; $minimum; $maximum):
  optional($path;
    fields($path; ["sizeMiB"]),
    optional($path + ["sizeMiB"];
      expect($path + ["sizeMiB"]; is_whole($minimum; $maximum); "a whole number of MiB from \($minimum) to \($maximum)")));
def items_of($path; condition; $expected):
  optional($path; list($path), (items($path) as $item | expect($item; condition; $expected)), each_once($path));

fields([]; ["version", "name", "title", "architecture", "kernel", "boot", "deviceTrees", "partitions", "console", "extraPackages"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  expect(["name"]; is_slug; "lower-case letters, digits and single hyphens between them, at most 40 characters"),
  expect(["title"]; text("\\A[^\\s\\p{C}\\p{Z}]([^\\p{C}]{0,98}[^\\s\\p{C}\\p{Z}])?\\z"; 100); "one line of 1 to 100 characters"),
  expect(["architecture"]; is_architecture; architecture_expected),
  fields(["kernel"]; ["package"]),
  expect(["kernel", "package"]; is_package; package_expected),
  expect(["boot", "method"]; . == "raspi-firmware" or . == "u-boot"; "one of raspi-firmware, u-boot"),
  (select(at(["boot", "method"]) == "raspi-firmware") | fields(["boot"]; ["method"])),
  (select(at(["boot", "method"]) == "u-boot") |
    fields(["boot"]; ["method", "package", "file", "offsetKiB"]),
    expect(["boot", "package"]; is_package; package_expected),
    expect(["boot", "file"]; is_path; path_expected),
    expect(["boot", "offsetKiB"]; is_whole(1; 1023); "a whole number of KiB from 1 to 1023: after the partition table, before the first partition")),
  items_of(["deviceTrees"]; is_path and endswith(".dtb"); "a device tree file that ends in .dtb, relative to the kernel's device tree folder"),
  optional(["partitions"]; fields(["partitions"]; ["boot", "root"])),
  size(["partitions", "boot"]; 64; 2048),
  size(["partitions", "root"]; 512; 16384),
  optional(["console"]; expect(["console"]; text("\\Atty[A-Z]{1,5}[0-9]{1,2}(,[0-9]{3,7})?\\z"; 40); console_expected)),
  items_of(["extraPackages"]; is_package; package_expected))
