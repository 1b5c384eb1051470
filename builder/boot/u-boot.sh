# U-Boot boards: the boot loader lies before the first partition; it finds extlinux.conf, kernel, initramfs and device
# trees on the root partition, which is the active one. Debian's u-boot-menu keeps them up to date on the board.

boot_packages() {
  printf '%s\n' "$(board .boot.package)" u-boot-menu
}

boot_settings() {
  cat >"$1/etc/default/u-boot" <<SETTINGS
# Written by the image build. After a change: u-boot-update
U_BOOT_ROOT="root=PARTUUID=$ROOT_PARTUUID"
U_BOOT_PARAMETERS="rw rootwait net.ifnames=0 console=tty0 console=$CONSOLE cgroup_enable=memory"
U_BOOT_SYNC_DTBS="true"
U_BOOT_TIMEOUT="10"
SETTINGS
}

boot_install() {
  local file
  file=$(board .boot.file)
  [ -f "$1/usr/lib/u-boot/$file" ] ||
    wrong "board.json: boot.file: found $file, expected one of $(cd "$1/usr/lib/u-boot" && find . -type f -printf '%P ' | tr ' ' '\n' | sort | head -n 50 | paste -sd' ')"
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

# boot_files <card> <folder>: what U-Boot would start, by extlinux.conf: <folder>/kernel, /initramfs, /arguments.
boot_files() {
  local root config="$2/extlinux.conf" kernel initramfs
  root="$1?offset=$(card_partition "$1" 2)"
  debugfs -R "dump /boot/extlinux/extlinux.conf $config" "$root" 2>/dev/null
  kernel=$(awk '$1 == "linux" { print $2; exit }' "$config")
  initramfs=$(awk '$1 == "initrd" { print $2; exit }' "$config")
  if [ -z "$kernel" ] || [ -z "$initramfs" ]; then fail "extlinux.conf: found no linux or no initrd, expected both"; fi
  debugfs -R "dump $kernel $2/kernel" "$root" 2>/dev/null
  debugfs -R "dump $initramfs $2/initramfs" "$root" 2>/dev/null
  awk '$1 == "append" { $1 = ""; print; exit }' "$config" >"$2/arguments"
}
