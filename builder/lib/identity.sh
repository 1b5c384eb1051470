# What a build is called and when it was made: from the commit, never from the clock.

git_workspace() {
  # The checkout belongs to another user than the container's.
  git -c safe.directory='*' -C "$WORKSPACE" "$@" 2>/dev/null
}

version_from_git() {
  local version
  version=$(git_workspace describe --tags --exact-match --match 'v[0-9]*' HEAD) ||
    version=$(git_workspace rev-parse --short=12 HEAD) || return 1
  [ -z "$(git_workspace status --porcelain --untracked-files=normal)" ] || version="$version-dirty"
  printf '%s\n' "${version#v}"
}

# Sets VERSION and SOURCE_DATE_EPOCH.
read_identity() {
  local expected='letters, digits and . + ~ - , at most 100, starting with a letter or digit'
  VERSION=${HYPRIOTOS_VERSION:-$(version_from_git || true)}
  [ -n "$VERSION" ] ||
    wrong "HYPRIOTOS_VERSION: found nothing, expected a version, because $WORKSPACE has no commit"
  [[ $VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+~-]{0,99}$ ]] ||
    wrong "HYPRIOTOS_VERSION: found $VERSION, expected $expected"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git_workspace log -1 --format=%ct || true)}
  [[ $SOURCE_DATE_EPOCH =~ ^[0-9]{1,11}$ ]] ||
    wrong "SOURCE_DATE_EPOCH: found ${SOURCE_DATE_EPOCH:-nothing}, expected seconds since 1970, because $WORKSPACE has no commit"
  export VERSION SOURCE_DATE_EPOCH
}

# stable_hex <digits> <name>: the same hex digits in every image of a board, others for another name. Not the version's:
# what depends on them (fstab, and so the initramfs) is the same for every commit.
stable_hex() {
  printf '%s\0' hypriotos "$BOARD" "$2" | sha256sum | cut -c "1-$1"
}

# stable_uuid <name>: such digits as a UUID of version 8 (RFC 9562: made by a rule of our own).
stable_uuid() {
  local hex
  hex=$(stable_hex 32 "$1")
  printf '%s-%s-8%s-a%s-%s\n' "${hex:0:8}" "${hex:8:4}" "${hex:13:3}" "${hex:17:3}" "${hex:20:12}"
}
