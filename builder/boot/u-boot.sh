# U-Boot boards: the boot loader lies before the first partition; it finds extlinux.conf, kernel, initramfs and device
# trees on the root partition, which is the active one.

boot_prepare() { :; }

boot_packages() {
  printf '%s\n' "$(board .boot.package)" u-boot-menu
}

boot_settings() { extlinux_settings "$1"; }

boot_install() {
  require_loader "$1" "$(board .boot.file)" boot.file
  in_prepared_tree boot "$1" "$ARCHITECTURE" u-boot-update
}

# boot_raw <tree> <image>
boot_raw() {
  local file offset limit size
  file="$1/usr/lib/u-boot/$(board .boot.file)"
  offset=$(($(board .boot.offsetKiB) * 1024))
  limit=$((FIRST_PARTITION_MIB * 1024 * 1024 - offset))
  size=$(stat -c %s "$file")
  [ "$size" -le "$limit" ] ||
    wrong "board.json: boot.offsetKiB: found $((offset / 1024)), where a boot loader of $size bytes reaches into the first partition, expected one that leaves it room"
  dd if="$file" of="$2" bs=1024 seek="$((offset / 1024))" conv=notrunc status=none
}

boot_active_partition() { echo 2; }

boot_files() { extlinux_boot_files "$@"; }
