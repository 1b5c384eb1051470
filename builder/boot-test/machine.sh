# A machine in QEMU: started, waited for, ended. It lives no longer than this shell.

# Time of a machine that is a board: an instruction takes 2 ns, whatever this machine does besides. By the clock of the
# wall it would be so slow that systemd gives its devices up.
# shellcheck disable=SC2034 # read by the machines' files
BOARD_CLOCK=(-accel "tcg,thread=single,tb-size=256" -icount "shift=1,sleep=on")

# start_machine <console log>: runs QEMU, says its process in MACHINE_PID.
start_machine() {
  : >"$1"
  "${QEMU[@]}" </dev/null >"$WORK/boot/qemu.log" 2>&1 &
  MACHINE_PID=$!
  trap 'kill "$MACHINE_PID" 2>/dev/null || true' EXIT
}

# await_text <file> <pattern> <seconds>: until it is there. Fails when the time is over or the machine ended.
await_text() {
  local code=0 reader
  # tail wakes by inotify, and ends with the machine.
  exec {reader}< <(exec tail -c +1 -f --pid="$MACHINE_PID" "$1" 2>/dev/null)
  local tail=$!
  timeout "$3" ruby "$BUILDER/boot-test/await-text.rb" "$2" <&"$reader" || code=$?
  kill "$tail" 2>/dev/null || true
  exec {reader}<&-
  return "$code"
}

stop_machine() {
  trap - EXIT
  kill "$MACHINE_PID" 2>/dev/null || true
  wait "$MACHINE_PID" 2>/dev/null || true
}

machine_runs() {
  kill -0 "$MACHINE_PID" 2>/dev/null
}
