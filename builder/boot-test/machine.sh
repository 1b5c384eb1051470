# A machine in QEMU: started, waited for, ended. It lives no longer than this shell.

# start_machine <console log>: runs QEMU, says its process in MACHINE.
start_machine() {
  : >"$1"
  "${QEMU[@]}" </dev/null >"$WORK/boot/qemu.log" 2>&1 &
  MACHINE=$!
  trap 'kill "$MACHINE" 2>/dev/null || true' EXIT
}

# await_line <file> <pattern> <seconds>: until the line is there. Fails when the time is over or the machine ended.
await_line() {
  local code=0 reader
  # tail wakes by inotify, and ends with the machine.
  exec {reader}< <(exec tail -n +1 -f --pid="$MACHINE" "$1" 2>/dev/null)
  local tail=$!
  timeout "$3" grep --text -q -m 1 -E "$2" <&"$reader" || code=$?
  kill "$tail" 2>/dev/null || true
  exec {reader}<&-
  return "$code"
}

stop_machine() {
  trap - EXIT
  kill "$MACHINE" 2>/dev/null || true
  wait "$MACHINE" 2>/dev/null || true
}

machine_runs() {
  kill -0 "$MACHINE" 2>/dev/null
}
