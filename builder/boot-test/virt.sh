# shellcheck disable=SC2034 # QEMU is what machine.sh starts
# QEMU's own board, `virt`: kernel, initramfs and root file system of any arm64 or armhf image. Boot loader, device tree
# and firmware are not the image's: they need a machine that is the board.

machine_shows() { echo suite; }

# machine_command <card> <folder> <port> <console log>: sets QEMU. <folder> is for what it needs.
machine_command() {
  boot_files "$1" "$2"
  case "$ARCHITECTURE" in
    arm64) QEMU=("${VIRT_ARM64[@]}") ;;
    # The kernel without LPAE sees no PCI above 4 GiB.
    armhf) QEMU=(qemu-system-arm -machine "virt,highmem=off" -cpu cortex-a15) ;;
  esac
  virt_parts "$1" "$3"
  QEMU+=(-kernel "$2/kernel" -initrd "$2/initramfs" -append "$(virt_arguments "$(cat "$2/arguments")")" -serial "file:$4")
  virt_board_console "$2/board-console.log"
}

# What a Raspberry Pi 4 has; newer ones cost time, because their pointer signatures are computed.
VIRT_ARM64=(qemu-system-aarch64 -machine virt -cpu cortex-a72)

# virt_parts <card> <port>
virt_parts() {
  QEMU+=(
    -accel "tcg,thread=multi,tb-size=256" -smp 2 -m 1024 -nodefaults -display none -no-reboot
    -drive "if=none,id=card,file=$1,format=raw,cache=unsafe,discard=unmap" -device "virtio-blk-pci,drive=card"
    # The guest reaches nothing; only its SSH is reached, from here.
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$2-:22" -device "virtio-net-pci,netdev=net,romfile="
    -device virtio-rng-pci
  )
}

# virt_board_console <log>: the board's own serial console, when it is a PC's kind: ttyS1 is the second of them. Sets
# BOARD_CONSOLE_LOG, which the suite reads.
virt_board_console() {
  local number
  [[ $CONSOLE =~ ^ttyS([0-3])(,|$) ]] || return 0
  for ((number = 0; number < BASH_REMATCH[1]; number++)); do
    QEMU+=(-chardev "null,id=other$number" -device "pci-serial,chardev=other$number")
  done
  export BOARD_CONSOLE_LOG=$1
  QEMU+=(-chardev "file,id=board,path=$1" -device "pci-serial,chardev=board")
}

# virt_arguments <arguments>: the image's own, with the machine's console in place of the board's; a panic ends the machine.
virt_arguments() {
  local argument kept=()
  for argument in $1; do
    [[ $argument == console=tty[A-Z]* ]] || kept+=("$argument")
  done
  printf '%s ' "${kept[@]}" console=ttyAMA0,115200 panic=-1
}
