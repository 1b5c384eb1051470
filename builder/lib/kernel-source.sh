# What a kernel is compiled from and with: compilers, ccache, Debian's source.

# What a kernel's build takes beside a compiler for its architecture.
KERNEL_TOOLS=(bc bison ccache flex gcc libc6-dev libelf-dev libssl-dev make)

# Compiled objects by content, which builds share. Strangers' builds only read it.
use_ccache() {
  export CCACHE_DIR="$CACHE/ccache" CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=5G CCACHE_TEMPDIR="$WORK/ccache-temporary"
  mkdir -p "$CCACHE_TEMPDIR"
  if ! mkdir -p "$CCACHE_DIR" 2>/dev/null || ! [ -w "$CCACHE_DIR" ]; then
    if [ -d "$CCACHE_DIR" ]; then export CCACHE_READONLY=1 CCACHE_NOSTATS=1; else export CCACHE_DISABLE=1; fi
  fi
}

install_compilers() {
  local architecture compilers=()
  for architecture in "${KERNEL_ARCHITECTURES[@]}"; do compilers+=("gcc-$(gnu_type "$architecture" | tr _ -)"); done
  install_tools "${KERNEL_TOOLS[@]}" "${compilers[@]}"
}

# fetch_source: SOURCE_FILE and its SOURCE_VERSION, from the archive.
fetch_source() {
  local host
  host=$(dpkg --print-architecture)
  debian_has "$host" "$KERNEL_SOURCE" ||
    wrong "kernel.json: source: found $KERNEL_SOURCE, expected a package that Debian $(kernel_json .release) has"
  SOURCE_FILE=$(debian_file "$host" "$KERNEL_SOURCE")
  SOURCE_VERSION=$(dpkg-deb --field "$SOURCE_FILE" Version)
  export SOURCE_VERSION
}

# unpack_source: always in the same folder, which the compiler's output tells of.
unpack_source() {
  rm -rf "$WORK/linux" && mkdir -p "$WORK/linux"
  dpkg-deb --fsys-tarfile "$SOURCE_FILE" | tar --extract --to-stdout "./usr/src/$KERNEL_SOURCE.tar.xz" |
    tar --extract --xz --directory="$WORK/linux" --strip-components=1 --no-same-owner
}

# built_with <architecture>: name, version, architecture of what decides on the result, tab-separated and sorted.
built_with() {
  local compiler
  compiler=$(readlink -f "$(command -v "$(gnu_type "$1")-gcc")")
  {
    printf '%s\t%s\tall\n' "$KERNEL_SOURCE" "$SOURCE_VERSION"
    [ "$(kernel_json ".configs[\"$1\"].from")" != debian ] ||
      printf '%s\t%s\t%s\n' "${KERNEL_SOURCE/source/config}" "$(dpkg-deb --field "$(debian_file "$1" "${KERNEL_SOURCE/source/config}")" Version)" "$1"
    # shellcheck disable=SC2016 # dpkg-query's own variables
    dpkg-query --show --showformat='${Package}\t${Version}\t${Architecture}\n' "${KERNEL_TOOLS[@]}" \
      "$(dpkg --search "$compiler" | cut -d: -f1)" \
      "$(dpkg --search "$(command -v "$(gnu_type "$1")-ld")" | cut -d: -f1)"
  } | sort -u
}
