# Boots a copy of the image that `build` left in /dist in QEMU, and tests the running system over SSH.

BOOT_SECONDS=${BOOT_SECONDS:-900}
BOOT_PORT=2222

# boot_failed <what>: with the end of what the machine said.
boot_failed() {
  tail -n 60 "$CONSOLE_LOG" | cut -c1-400 | printable >&2
  [ ! -s "$WORK/boot/qemu.log" ] || tail -n 20 "$WORK/boot/qemu.log" | printable >&2
  hand_over
  fail "$1: see the end of the serial console above, all of it is in ${CONSOLE_LOG##*/}"
}

# await_board <seconds>: until first boot is over.
await_board() {
  timeout "$1" ruby "$BUILDER/boot-test/await.rb" >/dev/null
}

# left: seconds of BOOT_SECONDS that are left.
left() {
  local seconds=$((BOOT_SECONDS - (SECONDS - BOOT_STARTED)))
  printf '%d\n' $((seconds > 1 ? seconds : 1))
}

boot_machine() {
  local card="$WORK/boot/card.img"
  rm -rf "${WORK:?}/boot" && mkdir -p "$WORK/boot"
  make_boot_card "$card"
  ruby "$BUILDER/boot-test/make-key.rb" "$WORK/boot/key"
  add_key "$card" "$WORK/boot/key.pub"
  boot_files "$card" "$WORK/boot"
  machine_command "$card" "$WORK/boot/kernel" "$WORK/boot/initramfs" "$(cat "$WORK/boot/arguments")" "$BOOT_PORT" \
    "$CONSOLE_LOG" "$WORK/boot/board-console.log"
  phase "boot: kernel to SSH"
  BOOT_STARTED=$SECONDS
  start_machine "$CONSOLE_LOG"
  await_line "$CONSOLE_LOG" 'Started .*ssh\.service' "$(left)" || machine_silent
}

machine_silent() {
  machine_runs || boot_failed "boot: found a machine that ended, expected one that starts OpenSSH"
  boot_failed "boot: found no OpenSSH within $BOOT_SECONDS seconds, expected one that starts"
}

boot_image() {
  export BOARD_ADDRESS=127.0.0.1 BOARD_PORT=$BOOT_PORT BOARD_USER=pirate BOARD_KEY="$WORK/boot/key" CONSOLE_LOG
  # The machine writes it when the board.s own console is one that it can have.
  [[ ! $CONSOLE =~ ^ttyS[0-3](,|$) ]] || export BOARD_CONSOLE_LOG="$WORK/boot/board-console.log"
  boot_machine
  phase "boot: first boot to its end"
  await_board "$(left)" || boot_failed "boot: found a board that does not come to its end within $BOOT_SECONDS seconds, expected cloud-init and systemd to finish"
  phase "boot: tests"
  run_specs "" booted "$IMAGE.boot"
  stop_machine
}

read_board
[ -f "$DIST/$IMAGE.img.zst" ] || wrong "$DIST/$IMAGE.img.zst: found nothing, expected an image: run build first"
# shellcheck source=/dev/null
source "$BUILDER/boot/$(board .boot.method).sh"
for file in card machine profile; do
  # shellcheck source=/dev/null
  source "$BUILDER/boot-test/$file.sh"
done
profile=$(boot_profile)
# shellcheck source=/dev/null
source "$BUILDER/boot-test/$profile.sh"
CONSOLE_LOG="$DIST/$IMAGE.boot.log"
phase "boot: card"
boot_image
phase
hand_over
