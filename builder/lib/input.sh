# The repository's files are somebody else's: each is read only if it is a plain, small file, and every mistake in it
# is named before anything is built.

MAX_BYTES=1048576
PROBLEMS=()

problem() { PROBLEMS+=("$1"); }

report_problems() {
  [ ${#PROBLEMS[@]} -eq 0 ] || wrong "${PROBLEMS[@]}"
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

# check_json <name>: against lib/validate/<name>.jq.
check_json() {
  local file="$WORKSPACE/$1.json" message
  plain_file "$1.json" || return 0
  if ! message=$(jq empty "$file" 2>&1); then
    problem "$1.json: found what is no JSON (${message#jq: parse error: }), expected a JSON document"
  elif [ "$(jq -s length "$file")" != 1 ]; then
    problem "$1.json: found $(jq -s length "$file") JSON documents, expected one"
  else
    while read -r message; do problem "$1.json: $message"; done < <(
      jq -r -L "$BUILDER/lib/validate" -f "$BUILDER/lib/validate/$1.jq" "$file" || echo "found what the builder cannot read, expected a document as its schema says"
    )
  fi
}

# listed_packages: packages.txt without comments.
listed_packages() {
  sed -E 's/#.*//; s/^[[:space:]]+//; s/[[:space:]]+$//; /^$/d' "$WORKSPACE/packages.txt"
}

check_packages() {
  local number=0 line expected="a Debian package name: at least 2 lower-case letters, digits, '+', '-' and '.'"
  declare -A seen=()
  plain_file packages.txt || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=$(sed -E 's/#.*//; s/^[[:space:]]+//; s/[[:space:]]+$//' <<<"$line")
    [ -n "$line" ] || continue
    if ! [[ $line =~ ^[a-z0-9][a-z0-9+.-]{1,99}$ ]]; then
      problem "packages.txt: line $number: found ${line:0:80}, expected $expected"
    elif [ -n "${seen[$line]:-}" ]; then
      problem "packages.txt: line $number: found $line again, expected each package once (line ${seen[$line]})"
    fi
    seen[$line]=$number
  done < <(tr -d '\000' <"$WORKSPACE/packages.txt")
}

# files/ is copied by name into the image: only folders, plain files and links have a meaning there.
check_files() {
  local path
  [ -L "$WORKSPACE/files" ] && problem "files: found a symbolic link, expected a folder" && return 0
  [ -e "$WORKSPACE/files" ] || return 0
  [ -d "$WORKSPACE/files" ] || { problem "files: found $(stat -c %F "$WORKSPACE/files"), expected a folder" && return 0; }
  while IFS= read -r -d '' path; do
    problem "files/$path: found $(stat -c %F "$WORKSPACE/files/$path"), expected a file, a folder or a symbolic link"
  done < <(find "$WORKSPACE/files" ! -type f ! -type d ! -type l -printf '%P\0')
  while IFS= read -r -d '' path; do
    problem "files/$path: found a name with control characters, expected a name that can be printed"
  done < <(find "$WORKSPACE/files" -name '*[[:cntrl:]]*' -printf '%P\0')
  for path in proc sys dev run tmp; do
    [ ! -e "$WORKSPACE/files/$path" ] || problem "files/$path: found a folder that is empty until the board runs, expected other files"
  done
}

# check_repository <kind>
check_repository() {
  PROBLEMS=()
  [ "$1" = rootfs ] && check_json rootfs
  [ "$1" = image ] && { check_json board; check_json versions; check_files; }
  check_packages
  report_problems
}
