# shellcheck disable=SC2034 # QEMU is what machine.sh starts
# QEMU's Raspberry Pi 3 Model B, without its firmware: kernel, initramfs, device tree and arguments are the boot
# partition's, as config.txt and cmdline.txt name them. Root and boot partition are on its SD
# card.

machine_shows() { echo login; }

machine_command() {
  local card=$1 folder=$2 fat
  boot_files "$card" "$folder"
  fat="$card@@$(card_partition "$card" 1)"
  mcopy -n -i "$fat" ::bcm2837-rpi-3-b.dtb "$folder/board.dtb"
  QEMU=(
    qemu-system-aarch64 -machine raspi3b "${BOARD_CLOCK[@]}" -display none -no-reboot
    -kernel "$folder/kernel" -initrd "$folder/initramfs" -dtb "$folder/board.dtb" -append "$(cat "$folder/arguments")"
    -drive "if=sd,file=$card,format=raw,cache=unsafe"
  )
  # The first port is the PL011, ttyAMA0; the second the mini UART, which is ttyS1 and on the board's pins.
  case "$CONSOLE" in
    ttyS1*) QEMU+=(-serial null -serial "file:$4") ;;
    *) QEMU+=(-serial "file:$4") ;;
  esac
}
