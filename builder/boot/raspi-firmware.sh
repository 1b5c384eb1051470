# Raspberry Pi: the firmware reads kernel, initramfs, device trees, config.txt and cmdline.txt from the FAT partition.
# Debian's own hook writes them there, now and at each kernel update on the board.

boot_prepare() { :; }

boot_packages() { echo raspi-firmware; }

# Before any package is configured: the hook reads it.
boot_settings() {
  cat >"$1/etc/default/raspi-firmware" <<SETTINGS
# Written by the image build. After a change: update-initramfs -u -k all
ROOTPART=PARTUUID=$ROOT_PARTUUID
CONSOLES="tty0 $CONSOLE"
# The kernel's own default: another size keeps a Raspberry Pi 4 from booting.
CMA=0
SETTINGS
  printf 'cgroup_enable=memory\n' >"$1/etc/default/raspi-extra-cmdline"
}

boot_install() {
  in_prepared_tree boot "$1" "$ARCHITECTURE" sh -c 'mkdir -p /boot/firmware && cp -r /usr/lib/raspi-firmware/. /boot/firmware/ &&
    DEB_MAINT_PARAMS=configure /etc/kernel/postinst.d/z50-raspi-firmware'
}

# Nothing between partition table and first partition.
boot_raw() { :; }

# The firmware looks for the FAT partition itself.
boot_active_partition() { echo 1; }

# boot_files <card> <folder>: what the firmware would start, by its own files: <folder>/kernel, /initramfs, /arguments.
boot_files() {
  local fat config="$2/config.txt" kernel initramfs
  fat="$1@@$(card_partition "$1" 1)"
  mtype -i "$fat" ::config.txt >"$config"
  kernel=$(sed -n 's/^kernel=//p' "$config" | tail -n 1)
  initramfs=$(sed -n 's/^initramfs \([^ ]*\).*/\1/p' "$config" | tail -n 1)
  if [ -z "$kernel" ] || [ -z "$initramfs" ]; then fail "config.txt: found no kernel= or no initramfs, expected both"; fi
  mcopy -n -i "$fat" "::$kernel" "$2/kernel"
  mcopy -n -i "$fat" "::$initramfs" "$2/initramfs"
  mtype -i "$fat" ::cmdline.txt >"$2/arguments"
}
