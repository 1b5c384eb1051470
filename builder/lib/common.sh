# What every step uses: messages, phases, clean-up.

# The repository or the call is wrong: nothing that the builder could do better.
wrong() {
  printf 'error: %s\n' "$@" | printable >&2
  exit 2
}

# The build failed although its input looked right.
fail() {
  printf 'error: %s\n' "$@" | printable >&2
  exit 1
}

# Messages quote what people wrote: it must not move the reader's cursor, end a line early or turn letters round.
printable() {
  { iconv -c -f UTF-8 -t UTF-8 || true; } | perl -CS -pe 's/[^\P{C}\n\t]+//g'
}

# phase <name>: says what happens from here on, and how long the phase before took.
phase() {
  local now
  now=$(date +%s%N)
  [ -z "${PHASE:-}" ] || printf '    %s: %d.%d s\n' "$PHASE" \
    $(((now - PHASE_START) / 1000000000)) $(((now - PHASE_START) / 100000000 % 10))
  PHASE=${1:-} PHASE_START=$now
  [ -z "$PHASE" ] || printf '==> %s\n' "$PHASE"
}

# quietly <name> <command…>: the command's output goes to a log of which only the end is shown, and only on failure.
quietly() {
  local log="$WORK/log/$1.log" code=0
  shift
  mkdir -p "$WORK/log"
  "$@" >>"$log" 2>&1 </dev/null || code=$?
  [ "$code" -eq 0 ] && return 0
  tail -n 40 "$log" | cut -c1-400 | printable >&2
  fail "$* | exit code $code" 
}

# all_of <shell command…>: at the same time, and each must succeed.
all_of() {
  local command ids=() id failed=0
  for command in "$@"; do
    bash -euo pipefail -c "$command" </dev/null &
    ids+=($!)
  done
  for id in "${ids[@]}"; do wait "$id" || failed=1; done
  [ "$failed" -eq 0 ] || fail "one of these failed:" "$@"
}

# retried <command…>: three times, because a mirror that fails once usually answers the next time.
retried() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    [ "$attempt" -eq 3 ] || sleep "$attempt"
  done
  return 1
}

check_output() {
  mkdir -p "$DIST" "$WORK" 2>/dev/null || true
  [ -w "$DIST" ] || wrong "$DIST: found a folder that cannot be written, expected a writable folder for the artifacts"
}

# Artifacts belong to whoever owns the folder: a build as root must leave nothing that its user cannot delete.
hand_over() {
  chown -R --reference="$DIST" "$DIST"
}
