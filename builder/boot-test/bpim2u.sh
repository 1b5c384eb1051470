# QEMU's Banana Pi M2 Ultra (Allwinner R40): from its card through U-Boot, as orangepi-pc.sh.

MACHINE_SHOWS=login

machine_command() {
  QEMU=(
    qemu-system-arm -machine bpim2u -accel "tcg,thread=multi,tb-size=256" -m 2G -display none -no-reboot
    -drive "if=sd,file=$1,format=raw,cache=unsafe"
    -nic none -serial "file:$4"
  )
}
