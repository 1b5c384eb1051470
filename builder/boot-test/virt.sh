# QEMU's own board, `virt`: kernel, initramfs and root file system of any arm64 or armhf image. Boot loader, device tree
# and firmware are not the image's: they need a machine that is the board.

# machine_command <card> <kernel> <initramfs> <command line> <port> <console log> <board's console log>: sets QEMU.
machine_command() {
  local card=$1 kernel=$2 initramfs=$3 arguments=$4 port=$5 number
  case "$ARCHITECTURE" in
    # What a Raspberry Pi 4 has; newer ones cost time, because their pointer signatures are computed.
    arm64) QEMU=(qemu-system-aarch64 -machine virt -cpu cortex-a72) ;;
    # The kernel without LPAE sees no PCI above 4 GiB.
    armhf) QEMU=(qemu-system-arm -machine "virt,highmem=off" -cpu cortex-a15) ;;
  esac
  QEMU+=(
    -accel "tcg,thread=multi,tb-size=256" -smp 2 -m 1024 -nodefaults -display none -no-reboot
    -kernel "$kernel" -initrd "$initramfs" -append "$(machine_arguments "$arguments")"
    -drive "if=none,id=card,file=$card,format=raw,cache=unsafe,discard=unmap" -device "virtio-blk-pci,drive=card"
    # The guest reaches nothing; only its SSH is reached, from here.
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device "virtio-net-pci,netdev=net,romfile="
    -device virtio-rng-pci -serial "file:$6"
  )
  # The board's own serial console, when it is a PC's kind: ttyS1 is the second of them.
  [[ $CONSOLE =~ ^ttyS([0-3])(,|$) ]] || return 0
  for ((number = 0; number < BASH_REMATCH[1]; number++)); do
    QEMU+=(-chardev "null,id=other$number" -device "pci-serial,chardev=other$number")
  done
  QEMU+=(-chardev "file,id=board,path=$7" -device "pci-serial,chardev=board")
}

# The image's own arguments, with the machine's console in place of the board's; a panic ends the machine.
machine_arguments() {
  local argument kept=()
  for argument in $1; do
    [[ $argument == console=tty[A-Z]* ]] || kept+=("$argument")
  done
  printf '%s ' "${kept[@]}" console=ttyAMA0,115200 panic=-1
}
