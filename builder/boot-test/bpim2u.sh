# shellcheck disable=SC2034 # QEMU is what machine.sh starts
# QEMU's Banana Pi M2 Ultra (Allwinner R40): its boot ROM reads U-Boot from the card, which reads extlinux.conf, kernel,
# initramfs and the board's device tree from the card, as on the board. Nothing of the card is changed but the owner's key.

machine_shows() { echo login; }

machine_command() {
  QEMU=(
    qemu-system-arm -machine bpim2u "${BOARD_CLOCK[@]}" -m 1G -display none -no-reboot
    -drive "if=sd,file=$1,format=raw,cache=unsafe"
    -nic none -serial "file:$4"
  )
}
