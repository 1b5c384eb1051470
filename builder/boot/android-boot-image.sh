# Devices with an Android boot loader: kernel, initramfs, arguments and device tree are one file beside the card's image,
# which its owner starts by `fastboot boot` or writes by `fastboot flash boot`. The card has the root file system.

boot_prepare() { :; }

# Nothing but the kernel: the boot loader is the device's own.
boot_packages() { :; }
boot_settings() { :; }
boot_install() { :; }
boot_active_partition() { echo 1; }

android_arguments() {
  printf 'root=PARTUUID=%s %s\n' "$ROOT_PARTUUID" "$(kernel_arguments)"
}

# boot_raw <tree> <image>: version 2 of the header has the same fields at the same places as version 0, which older boot
# loaders read; the device tree lies behind what these know of.
boot_raw() {
  local version
  version=$(find "$1/usr/lib/modules" -mindepth 1 -maxdepth 1 -printf '%P\n' | sort -V | tail -n 1)
  quietly mkbootimg mkbootimg --header_version 2 --pagesize "$(board .boot.pageSizeBytes)" \
    --kernel "$1/boot/vmlinuz-$version" --ramdisk "$1/boot/initrd.img-$version" \
    --dtb "$1/usr/lib/linux-image-$version/$(board '.deviceTrees[0]')" --cmdline "$(android_arguments)" \
    --output "$DIST/$IMAGE.boot.img"
}

# boot_files <card> <folder>: the boot image's own parts: <folder>/kernel, /initramfs, /arguments.
boot_files() {
  [ -f "$DIST/$IMAGE.boot.img" ] || wrong "$DIST/$IMAGE.boot.img: found nothing, expected the boot image beside the card's: run build first"
  rm -rf "$2/boot-image"
  unpack_bootimg --boot_img "$DIST/$IMAGE.boot.img" --out "$2/boot-image" >"$2/boot-image.txt"
  mv "$2/boot-image/kernel" "$2/kernel"
  mv "$2/boot-image/ramdisk" "$2/initramfs"
  sed -n 's/^command line args: //p' "$2/boot-image.txt" >"$2/arguments"
}
