# Debian's archive for the builder itself: sources, compilers and whatever else is no part of an image.

# debian_apt <architecture> <apt-get|apt-cache> <arguments…>: the archive as a system of that architecture without any
# package sees it, by the sources that the builder itself has.
debian_apt() {
  local architecture=$1 program=$2 state="$WORK/debian/$1" sources=()
  shift 2
  mkdir -p "$state/lists/partial" "$state/archives/partial"
  : >>"$state/status"
  [ -z "${HYPRIOTOS_APT_SOURCES:-}" ] || sources=(-o Dir::Etc::sourcelist="$HYPRIOTOS_APT_SOURCES" -o Dir::Etc::sourceparts=-)
  "$program" "${sources[@]}" -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 -o quiet=2 \
    -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state" "$@"
}

# debian_has <architecture> <package>: whether the archive has it; its lists are fetched once.
debian_has() {
  [ -e "$WORK/debian/$1/updated" ] || quietly apt-update retried debian_apt "$1" apt-get update
  touch "$WORK/debian/$1/updated"
  [ -n "$(debian_name "$1" "$2")" ]
}

debian_name() {
  debian_apt "$1" apt-get --print-uris download "$2" 2>/dev/null | sed -nE "s/^'[^']*' ([^ ]+) .*/\1/p" | tail -n 1
}

# debian_file <architecture> <package>: prints the path of its newest .deb, which apt has checked against the signed index.
debian_file() {
  local folder
  folder=$(package_cache "$1")
  (cd "$folder" && quietly "download-$2" retried debian_apt "$1" apt-get download "$2") || exit 1
  printf '%s%s\n' "$folder" "$(debian_name "$1" "$2")"
}

# install_tools <package…>: into the builder's own container. They are not in the image, which most builds use without.
install_tools() {
  local host options archives
  host=$(dpkg --print-architecture)
  archives=$(package_cache "$host")
  options=(-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 -o Dpkg::Use-Pty=false
    -o Dir::Cache::archives="$archives" -o APT::Install-Recommends=false -o Binary::apt-get::APT::Keep-Downloaded-Packages=true)
  [ -z "${HYPRIOTOS_APT_SOURCES:-}" ] || options+=(-o Dir::Etc::sourcelist="$HYPRIOTOS_APT_SOURCES" -o Dir::Etc::sourceparts=-)
  quietly tools-update retried apt-get "${options[@]}" update
  DEBIAN_FRONTEND=noninteractive quietly tools-install eatmydata apt-get "${options[@]}" --yes install "$@"
}
