# QEMU's Orange Pi PC (Allwinner H3): its boot ROM reads U-Boot from the card, which reads extlinux.conf, kernel, initramfs
# and the board's device tree from the card, as on the board. Nothing of the card is changed but the owner's key.

MACHINE_SHOWS=login

machine_command() {
  QEMU=(
    qemu-system-arm -machine orangepi-pc -accel "tcg,thread=multi,tb-size=256" -m 1G -display none -no-reboot
    -drive "if=sd,file=$1,format=raw,cache=unsafe"
    -nic none -serial "file:$4"
  )
}
