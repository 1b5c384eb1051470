# The repository's files are somebody else's: each is read only if it is a plain, small file, and every mistake in it
# is named before anything is built.

MAX_BYTES=1048576
# Nobody reads more of them.
MAX_PROBLEMS=50
PROBLEMS=()

# One line, whatever a file is called.
problem() { PROBLEMS+=("${1//$'\n'/ }"); }

# enough: whether there are more than are told.
enough() { [ ${#PROBLEMS[@]} -gt $MAX_PROBLEMS ]; }

report_problems() {
  [ ${#PROBLEMS[@]} -eq 0 ] && return 0
  ! enough || PROBLEMS=("${PROBLEMS[@]:0:MAX_PROBLEMS}" "and more: these are the first $MAX_PROBLEMS")
  wrong "${PROBLEMS[@]}"
}

# plain_file <name>: whether it can be read; says why not.
plain_file() {
  local file="$WORKSPACE/$1" size
  if [ -L "$file" ]; then
    problem "$1: found a symbolic link, expected a plain file"
  elif [ ! -e "$file" ]; then
    problem "$1: found nothing, expected a plain file"
  elif [ ! -f "$file" ]; then
    problem "$1: found $(stat -c %F "$file"), expected a plain file"
  elif size=$(stat -c %s "$file") && [ "$size" -gt $MAX_BYTES ]; then
    problem "$1: found $size bytes, expected at most $MAX_BYTES"
  else
    return 0
  fi
  return 1
}

# check_json <name> [<schema>]: against lib/validate/<schema>.jq, by default the name's own.
check_json() {
  local file="$WORKSPACE/$1.json" schema="$BUILDER/lib/validate/${2:-$1}.jq" message
  plain_file "$1.json" || return 0
  message=$(python3 -I "$BUILDER/lib/validate/json_document.py" "$file")
  if [ -n "$message" ]; then
    problem "$1.json: $message"
    return 0
  fi
  while ! enough && IFS= read -r message; do problem "$1.json: $message"; done < <(
    jq -r -L "$BUILDER/lib/validate" -f "$schema" "$file" || [ $? -eq 141 ] || echo "found what the builder cannot read, expected a document as its schema says"
  )
}

# listed_packages: packages.txt without comments.
listed_packages() {
  sed -E 's/#.*//; s/^[[:space:]]+//; s/[[:space:]]+$//; /^$/d' "$WORKSPACE/packages.txt"
}

check_packages() {
  local message
  plain_file packages.txt || return 0
  while ! enough && IFS= read -r message; do problem "packages.txt: $message"; done < <(
    # By bytes: what is no text has no other length.
    LC_ALL=C tr '\000' '?' <"$WORKSPACE/packages.txt" | LC_ALL=C awk '
      { sub(/#.*/, ""); sub(/^[[:space:]]+/, ""); sub(/[[:space:]]+$/, "") }
      $0 == "" { next }
      $0 !~ /^[a-z0-9][a-z0-9+.-]+$/ || length > 100 {
        printf "line %d: found %s, expected a Debian package name: at least 2 lower-case letters, digits, \047+\047, \047-\047 and \047.\047\n", NR, substr($0, 1, 80)
        next
      }
      $0 in seen { printf "line %d: found %s again, expected each package once (line %d)\n", NR, $0, seen[$0]; next }
      { seen[$0] = NR }'
  )
}

# check_boot: what the files say of the boot loader fits together.
check_boot() {
  local message
  [ ${#PROBLEMS[@]} -eq 0 ] || return 0
  while IFS= read -r message; do problem "$message"; done < <(
    jq -r -L "$BUILDER/lib/validate" --slurpfile versions "$WORKSPACE/versions.json" \
      -f "$BUILDER/lib/validate/buildable.jq" "$WORKSPACE/board.json")
}

# check_repository <kind>
check_repository() {
  PROBLEMS=()
  [ "$1" = rootfs ] && {
    check_json rootfs
    # A repository from before there were pins has none.
    if [ -e "$WORKSPACE/versions.json" ] || [ -L "$WORKSPACE/versions.json" ]; then check_json versions rootfs-versions; fi
  }
  [ "$1" = kernel ] && { check_json kernel; check_fragments; }
  [ "$1" = image ] && { check_json board; check_json versions; check_boot; check_files; }
  [ "$1" = kernel ] || check_packages
  [ "$1" = rootfs ] && check_docker_documents
  report_problems
}
