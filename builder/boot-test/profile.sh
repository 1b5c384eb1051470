# Which machine of QEMU boots an image: one file beside this for each, chosen by what board.json says.

# boot_profile: `virt` has no boot loader or device tree of a board. A machine that has (raspi3b, orangepi-pc) goes here,
# by BOARD_JSON's deviceTrees and boot, before the architectures.
boot_profile() {
  case "$ARCHITECTURE" in
    arm64 | armhf) echo virt ;;
    *) wrong "board.json: architecture: found $ARCHITECTURE, expected one of arm64, armhf: no machine of QEMU is known for it" ;;
  esac
}
