# A kernel's config: what it begins with, the builder's own settings, the repository's fragments; then whether each line
# of the fragments has become true.

# kernel_make <architecture> <argument…>: the kernel's own make, natively, for that architecture.
kernel_make() {
  local architecture=$1
  shift
  make --directory="$WORK/linux" --no-print-directory ARCH="$(kernel_arch "$architecture")" \
    CROSS_COMPILE="$(gnu_type "$architecture")-" CC="ccache $(gnu_type "$architecture")-gcc" HOSTCC="ccache gcc" \
    KBUILD_BUILD_TIMESTAMP="$(date --utc --date="@$SOURCE_DATE_EPOCH" '+%a %b %e %H:%M:%S UTC %Y')" \
    KBUILD_BUILD_USER=builder KBUILD_BUILD_HOST=hypriotos KBUILD_BUILD_VERSION=1 "$@"
}

# make_config <architecture>
make_config() {
  local architecture=$1 base="$WORK/base.config" files
  base_config "$architecture" "$base"
  mapfile -t files < <(fragments "$architecture")
  printf 'CONFIG_LOCALVERSION="-%s"\n# CONFIG_LOCALVERSION_AUTO is not set\n' "$KERNEL" >"$WORK/name.config"
  (
    cd "$WORK/linux" || exit 1
    quietly merge-config scripts/kconfig/merge_config.sh -m "$base" "$BUILDER/kernel/build.config" \
      "${files[@]/#/$WORKSPACE/}" "$WORK/name.config"
  )
  quietly olddefconfig kernel_make "$architecture" olddefconfig
  check_config "$architecture" "${files[@]}"
}

# base_config <architecture> <file>
base_config() {
  local architecture=$1 target
  if [ "$(kernel_json ".configs[\"$1\"].from")" = debian ]; then
    debian_config "$architecture" "$(kernel_json ".configs[\"$1\"].flavour")" >"$2"
    return 0
  fi
  target=$(kernel_json ".configs[\"$1\"].target")
  [[ $target != *_defconfig || -f "$WORK/linux/arch/$(kernel_arch "$1")/configs/$target" ]] ||
    wrong "kernel.json: configs.$architecture.target: found $target, expected a config of $KERNEL_SOURCE for the kernel's architecture $(kernel_arch "$1")"
  quietly base-config kernel_make "$architecture" "$target"
  cp "$WORK/linux/.config" "$2"
}

# debian_config <architecture> <flavour>: prints it.
debian_config() {
  local name=${KERNEL_SOURCE/source/config} package path="config.$1_none_$2.xz" there
  debian_has "$1" "$name" ||
    wrong "kernel.json: configs.$1: found no package $name for $1, expected Debian's configs of $KERNEL_SOURCE"
  package=$(debian_file "$1" "$name")
  mkdir -p "$WORK/debian-configs/$1"
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory="$WORK/debian-configs/$1" --strip-components=4 "./usr/src/$name"
  there=$(cd "$WORK/debian-configs/$1" && printf '%s\n' *_none_*.xz | sed -E 's/.*_none_(.*)\.xz/\1/' | paste -sd, | sed 's/,/, /g')
  [ -f "$WORK/debian-configs/$1/$path" ] ||
    wrong "kernel.json: configs.$1.flavour: found $2, expected one of $there"
  xz --decompress --stdout "$WORK/debian-configs/$1/$path"
}

# check_config <architecture> <fragment…>: kconfig drops without a word what has a dependency that is missing, and what
# it does not know.
check_config() {
  local architecture=$1 file line option expected found problems=()
  shift
  while IFS=: read -r file line option expected; do
    found=$(config_value "$option")
    [ "$found" != "$expected" ] || continue
    known_option "$option" || found="no such option in $KERNEL_SOURCE $SOURCE_VERSION"
    problems+=("$file: line $line: $option: found $found in the config for $architecture, expected $expected")
  done < <(cd "$WORKSPACE" && fragment_values "$@")
  [ ${#problems[@]} -eq 0 ] || wrong "${problems[@]}"
}

# fragment_values <file…>: file:line:option:value, n for what is not set.
fragment_values() {
  [ $# -eq 0 ] ||
    awk '/^CONFIG_/ { sub(/[[:space:]]+$/, ""); option = $0; sub(/=.*/, "", option); print FILENAME ":" FNR ":" option ":" substr($0, length(option) + 2) }
      /^# CONFIG_[^ ]+ is not set/ { print FILENAME ":" FNR ":" $2 ":n" }' "$@"
}

config_value() {
  local value
  value=$(sed -n "s/^$1=//p" "$WORK/linux/.config")
  printf '%s\n' "${value:-n}"
}

config_has() {
  grep -qx "CONFIG_$1=y" "$WORK/linux/.config"
}

known_option() {
  [ -s "$WORK/options" ] ||
    find "$WORK/linux" -name 'Kconfig*' -exec sed -nE 's/^[[:space:]]*(menu)?config[[:space:]]+([A-Za-z0-9_]+).*/CONFIG_\2/p' {} + >"$WORK/options"
  grep -qxF "$1" "$WORK/options"
}

CHECK_CONFIG=/usr/share/docker.io/contrib/check-config.sh

# docker_check_config <tree> <file>: what Docker's own script says of the kernel's config, as Debian ships it.
docker_check_config() {
  local release
  release=$(basename "$1"/boot/config-*)
  mkdir -p "$WORK/bin"
  # The script asks the machine that it runs on for its kernel's version.
  printf '#!/bin/sh\necho "%s"\n' "${release#config-}" >"$WORK/bin/uname"
  chmod 755 "$WORK/bin/uname"
  # Its exit code is about this machine, too.
  PATH="$WORK/bin:$PATH" NO_COLOR=1 sh "$CHECK_CONFIG" "$1/boot/$release" >"$2" 2>&1 || true
}
