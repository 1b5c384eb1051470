# shellcheck disable=SC2034 # QEMU is what machine.sh starts
# `virt` with a U-Boot of its own (Debian's u-boot-qemu) in place of a kernel: it finds extlinux.conf or boot.scr on the
# card, and loads what that names. Nothing of the card is changed but the owner's key. The board's own U-Boot and its
# device tree are not in it.

# shellcheck source=/dev/null
source "$BUILDER/boot-test/virt.sh"

# The suite is virt's: this is about what stands before the kernel.
machine_shows() { echo login; }

machine_command() {
  QEMU=("${VIRT_ARM64[@]}" -bios /usr/lib/u-boot/qemu_arm64/u-boot.bin)
  virt_parts "$1" "$3"
  # U-Boot speaks on the machine's port, the system on the board's: the image's arguments say so.
  QEMU+=(-serial "file:$DIST/$BOOT_NAME.loader.log")
  virt_board_console "$4"
}
