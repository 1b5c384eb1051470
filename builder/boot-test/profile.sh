# Which machine of QEMU boots an image: one file beside this for each. `virt` is what the pipeline takes; the others are
# boards, or have a boot loader, and are asked for by MACHINE.

# boot_machines: those that can be this board, by what board.json says, one a line.
boot_machines() {
  case "$ARCHITECTURE" in
    arm64 | armhf) echo virt ;;
  esac
  jq -r '
    (select(.architecture == "arm64" and (.console | startswith("ttyS"))
        and (.boot.method == "u-boot" or .boot.script == "extlinux" or .boot.script == "boot.scr")) | "virt-u-boot"),
    (select(.boot.method == "raspi-firmware" and .architecture == "arm64"
        and (.deviceTrees | index("broadcom/bcm2837-rpi-3-b.dtb"))) | "raspi3b"),
    (select((.boot.file // "") | startswith("Bananapi_M2_Ultra/")) | "bpim2u")' <<<"$BOARD_JSON"
}

# boot_profile: MACHINE, by default virt.
boot_profile() {
  local machine=${MACHINE:-virt} machines
  machines=$(boot_machines)
  [ -n "$machines" ] ||
    wrong "board.json: architecture: found $ARCHITECTURE, expected one of arm64, armhf: no machine of QEMU is known for it"
  # Not from a pipe, which grep closes at the first match: what still writes into it would fail.
  grep -qxF -- "$machine" <<<"$machines" ||
    wrong "MACHINE: found $machine, expected one of ${machines//$'\n'/, }, which can be this board"
  printf '%s\n' "$machine"
}
