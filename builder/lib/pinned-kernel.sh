# The kernel that versions.json pins, where board.json says that its kernel is pinned: apt gets it from a folder of this
# one package, so that it is planned and installed as any other.

kernel_pinned() {
  [ "$(board .kernel.pinned)" = true ]
}

# pinned_kernel: sets KERNEL_FILE and KERNEL_SHA256; nothing for a board with Debian's kernel.
pinned_kernel() {
  local found
  KERNEL_FILE='' KERNEL_SHA256=''
  kernel_pinned || return 0
  pinned_file kernel "$ARCHITECTURE" kernel "a release of a kernel repository: board.json has a kernel that is pinned"
  KERNEL_FILE=$PINNED KERNEL_SHA256=$PINNED_SHA256
  # shellcheck disable=SC2016 # dpkg-deb's own variables
  found=$(dpkg-deb --show --showformat='${Package} for ${Architecture}' "$KERNEL_FILE" 2>/dev/null) || found="a file that is no Debian package"
  [ "$found" = "$(board .kernel.package) for $ARCHITECTURE" ] ||
    wrong "versions.json: kernel.$ARCHITECTURE: found $found, expected $(board .kernel.package) for $ARCHITECTURE, as board.json says"
}

# offer_kernel <tree>: until withdraw_kernel, the tree's apt knows the pinned kernel and prefers it to any other of its name.
offer_kernel() {
  local folder="$WORK/pinned-kernel"
  [ -n "$KERNEL_FILE" ] || return 0
  rm -rf "$folder" && mkdir -p "$folder" "$1/etc/apt/sources.list.d" "$1/etc/apt/preferences.d"
  cp "$KERNEL_FILE" "$folder/kernel.deb"
  {
    dpkg-deb --field "$KERNEL_FILE"
    printf 'Filename: ./kernel.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s "$folder/kernel.deb")" "$KERNEL_SHA256"
  } >"$folder/Packages"
  # Its digest was compared with the pin: nothing else vouches for it, and nothing else needs to.
  printf 'deb [trusted=yes] copy:%s ./\n' "$folder" >"$1/etc/apt/sources.list.d/pinned-kernel.list"
  printf 'Package: %s\nPin: origin ""\nPin-Priority: 1001\n' "$(board .kernel.package)" >"$1/etc/apt/preferences.d/pinned-kernel"
}

withdraw_kernel() {
  rm -f "$1/etc/apt/sources.list.d/pinned-kernel.list" "$1/etc/apt/preferences.d/pinned-kernel"
}
