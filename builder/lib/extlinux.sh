# U-Boot's extlinux.conf on the root partition, which Debian's u-boot-menu keeps up to date on the board, and what every
# boot loader tells the kernel.

# kernel_arguments: all but root=.
kernel_arguments() {
  printf 'rw rootwait net.ifnames=0 console=tty0 console=%s cgroup_enable=memory\n' "$CONSOLE"
}

# extlinux_settings <tree>
extlinux_settings() {
  cat >"$1/etc/default/u-boot" <<SETTINGS
# Written by the image build. After a change: u-boot-update
U_BOOT_ROOT="root=PARTUUID=$ROOT_PARTUUID"
U_BOOT_PARAMETERS="$(kernel_arguments)"
U_BOOT_SYNC_DTBS="true"
U_BOOT_TIMEOUT="10"
SETTINGS
}

# extlinux_boot_files <card> <folder>: what U-Boot would start, by extlinux.conf: <folder>/kernel, /initramfs, /arguments.
extlinux_boot_files() {
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

# require_loader <tree> <file> <field of board.json>: that a package of the tree ships it.
require_loader() {
  [ -f "$1/usr/lib/u-boot/$2" ] ||
    wrong "board.json: $3: found $2, expected one of $(cd "$1/usr/lib/u-boot" && find . -type f -printf '%P ' | tr ' ' '\n' | sort | head -n 50 | paste -sd' ')"
}
