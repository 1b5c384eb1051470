# Maintainer scripts are shell, Perl and Python: emulated, a root filesystem takes minutes to configure, mkinitramfs
# alone takes six. Debian's multiarch lets the same version of these programs for the builder's own architecture
# stand beside the tree's libraries, so they are lent to the tree while it is configured and taken back after.
# Only programs whose result does not depend on the architecture are lent: ldconfig, dpkg and systemd stay.

# Held back on purpose: dpkg, dpkg-query, arch and uname tell their own architecture; kmod and busybox are copied into the initramfs.
NATIVE_TOOLS=(bash dash mawk sed grep find xargs gzip tar xz zstd cpio openssl perl python3.13)

native_tool_paths() {
  local tool
  for tool in "${NATIVE_TOOLS[@]}"; do printf '/usr/bin/%s\n' "$tool"; done
  printf '/usr/lib/dracut/dracut-install\n'
  dpkg-query --listfiles coreutils diffutils debianutils | sed 's|^/bin/|/usr/bin/|' |
    grep -E '^/usr/bin/[^/]+$' | grep -vE '/(arch|uname|nproc)$'
}

# Whether this machine runs the tree's programs as its own.
is_native() {
  [ "$(dpkg --print-architecture)" = "$1" ]
}

# The libraries that native programs load, as absolute paths, the loader's too.
native_libraries() {
  ldd "$@" 2>/dev/null | sed -nE 's|^.*[[:space:]](/[^ ]+) \(0x.*|\1|p' | sort -u
}

# Links stay, and scripts are the same on every architecture.
is_program() {
  local magic=
  [ -f "$1" ] && [ ! -L "$1" ] && IFS= read -r -N 4 magic <"$1" && [ "$magic" = $'\177ELF' ]
}

# list_native_tools <multiarch>: $WORK/native/programs and libraries, once for all trees of a build.
list_native_tools() {
  local path programs=() extensions=()
  [ ! -e "$WORK/native/done" ] || return 0
  mkdir -p "$WORK/native"
  while read -r path; do
    if is_program "$path"; then programs+=("$path"); fi
  done < <(native_tool_paths | sort -u)
  printf '%s\n' "${programs[@]}" >"$WORK/native/programs"
  mapfile -t extensions < <(find /usr/lib/python3.13/lib-dynload "/usr/lib/$1/perl-base" "/usr/lib/$1/perl" -name '*.so' 2>/dev/null)
  native_libraries "${programs[@]}" /usr/bin/kmod "${extensions[@]}" >"$WORK/native/libraries"
  touch "$WORK/native/done"
}

# lend_native_tools <tree> <architecture>
lend_native_tools() {
  local tree=$1 path library multiarch
  is_native "$2" && return 0
  multiarch=$(dpkg-architecture_multiarch)
  list_native_tools "$multiarch"
  mkdir "$tree/.lent" "$tree/.lent/foreign" "$tree/.lent/lib"
  while read -r path; do
    is_program "$tree$path" || continue
    [ -d "$tree/.lent/foreign${path%/*}" ] || mkdir -p "$tree/.lent/foreign${path%/*}"
    mv "$tree$path" "$tree/.lent/foreign$path"
    cp -p "$path" "$tree$path"
  done <"$WORK/native/programs"
  lend_depmod "$tree"
  # The folder exists in a tree only when a package of the builder's architecture is there: never.
  mkdir "$tree/usr/lib/$multiarch.lent"
  while read -r library; do
    case "$library" in
      # mkinitramfs copies every libkmod that it finds below /usr/lib.
      */libkmod.so.*) cp -L "$library" "$tree/.lent/lib/" ;;
      *) cp -L "$library" "$tree/usr/lib/$multiarch.lent/" ;;
    esac
  done <"$WORK/native/libraries"
  # Perl finds half a module set worse than none: only what the tree has for its own architecture.
  for path in perl perl-base; do
    compgen -G "$tree/usr/lib/*-linux-gnu*/$path" >/dev/null || continue
    cp -a "/usr/lib/$multiarch/$path" "$tree/usr/lib/$multiarch.lent/"
  done
  mv "$tree/usr/lib/$multiarch.lent" "$tree/usr/lib/$multiarch"
  lend_loader "$tree" "$multiarch"
  if [ -d "$tree/usr/lib/python3.13" ]; then
    mkdir -p "$tree/usr/lib/python3.13/lib-dynload"
    cp -a /usr/lib/python3.13/lib-dynload/*"$multiarch"*.so "$tree/usr/lib/python3.13/lib-dynload/"
    local data="_sysconfigdata__linux_$multiarch.py"
    [ ! -e "/usr/lib/python3.13/$data" ] || cp -a "/usr/lib/python3.13/$data" "$tree/usr/lib/python3.13/"
  fi
}

dpkg-architecture_multiarch() {
  case "$(dpkg --print-architecture)" in
    amd64) echo x86_64-linux-gnu ;;
    arm64) echo aarch64-linux-gnu ;;
    *) fail "builder image: found architecture $(dpkg --print-architecture), expected amd64 or arm64" ;;
  esac
}

lend_loader() {
  local loader
  case "$2" in
    x86_64-linux-gnu) loader=/lib64/ld-linux-x86-64.so.2 ;;
    aarch64-linux-gnu) loader=/lib/ld-linux-aarch64.so.1 ;;
  esac
  [ -d "$1${loader%/*}" ] || { mkdir "$1${loader%/*}" && touch "$1/.lent/loader-folder"; }
  cp -L "$loader" "$1$loader"
  printf '%s\n' "$loader" >"$1/.lent/loader"
}

# depmod is a link to kmod, and kmod itself must stay: mkinitramfs copies it.
lend_depmod() {
  [ -L "$1/usr/sbin/depmod" ] || return 0
  mkdir -p "$1/.lent/foreign/usr/sbin"
  mv "$1/usr/sbin/depmod" "$1/.lent/foreign/usr/sbin/depmod"
  cp -p /usr/bin/kmod "$1/usr/sbin/depmod"
}

# return_native_tools <tree> <architecture>
return_native_tools() {
  local tree=$1 path loader multiarch
  is_native "$2" && return 0
  multiarch=$(dpkg-architecture_multiarch)
  (cd "$tree/.lent/foreign" && find . ! -type d -printf '/%P\n') >"$tree/.lent/paths"
  while read -r path; do
    mv -f "$tree/.lent/foreign$path" "$tree$path"
  done <"$tree/.lent/paths"
  loader=$(<"$tree/.lent/loader")
  rm -f "$tree$loader"
  [ ! -e "$tree/.lent/loader-folder" ] || rmdir "$tree${loader%/*}"
  rm -f "$tree/usr/lib/python3.13/lib-dynload/"*"$multiarch"*.so \
    "$tree/usr/lib/python3.13/_sysconfigdata__linux_$multiarch.py"
  find "$tree/usr/lib/python3.13/__pycache__" -name "_sysconfigdata__linux_$multiarch.*" -delete 2>/dev/null || true
  rm -rf "$tree/.lent" "${tree:?}/usr/lib/$multiarch"
}
