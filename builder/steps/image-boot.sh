# Boots a copy of the image that `build` left in /dist in QEMU, and tests the running system over SSH. MACHINE is one of
# boot-test/, by default virt; some show the board's own boot, to its login, and no more.

BOOT_SECONDS=${BOOT_SECONDS:-900}
BOOT_PORT=2222

# boot_failed <what>: with the end of what the machine said.
boot_failed() {
  tail -n 60 "$CONSOLE_LOG" | cut -c1-400 | printable >&2
  [ ! -s "$WORK/boot/qemu.log" ] || tail -n 20 "$WORK/boot/qemu.log" | printable >&2
  hand_over
  fail "$1: see the end of the serial console above, all of it is in ${CONSOLE_LOG##*/}"
}

# Cloud-init restarts OpenSSH once at first boot: whoever connects just then is turned away.
SSH_RESTART_SECONDS=60

# await_board <seconds>: until first boot is over.
await_board() {
  timeout "$1" ruby "$BUILDER/boot-test/await.rb" "$SSH_RESTART_SECONDS" >/dev/null
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
  machine_command "$card" "$WORK/boot" "$BOOT_PORT" "$CONSOLE_LOG"
  BOOT_STARTED=$SECONDS
  start_machine "$CONSOLE_LOG"
}

# await_console <pattern> <what that is>
await_console() {
  await_text "$CONSOLE_LOG" "$1" "$(left)" && return 0
  machine_runs || boot_failed "boot: found a machine that ended, expected one that $2"
  boot_failed "boot: found none within $BOOT_SECONDS seconds, expected a machine that $2"
}

# A machine with the board's own parts, too slow or without a network for the suite.
boot_to_login() {
  phase "boot: $profile to its login"
  await_console '\w login: ' "asks for a name on the board's serial console"
  stop_machine
  printf '%s: asks for a name after %d s\n' "$profile" $((SECONDS - BOOT_STARTED))
}

boot_suite() {
  export BOARD_ADDRESS=127.0.0.1 BOARD_PORT=$BOOT_PORT BOARD_USER=pirate BOARD_KEY="$WORK/boot/key" CONSOLE_LOG
  phase "boot: $profile to SSH"
  await_console 'Started .*ssh\.service' "starts OpenSSH"
  phase "boot: first boot to its end"
  await_board "$(left)" || boot_failed "boot: found a board that does not come to its end within $BOOT_SECONDS seconds, expected cloud-init and systemd to finish"
  phase "boot: tests"
  run_specs "" booted "$BOOT_NAME"
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
BOOT_NAME="$IMAGE.boot"
[ "$profile" = virt ] || BOOT_NAME="$IMAGE.boot-$profile"
CONSOLE_LOG="$DIST/$BOOT_NAME.log"
phase "boot: card"
boot_machine
case "$(machine_shows)" in
  suite) boot_suite ;;
  login) boot_to_login ;;
esac
phase
hand_over
