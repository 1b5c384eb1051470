# What kernel.json says, and what Debian and the kernel's own build call the architectures.

kernel_json() {
  jq -r "$1 // empty" "$WORKSPACE/kernel.json"
}

# Sets KERNEL, KERNEL_PACKAGE, KERNEL_SOURCE (Debian's package) and KERNEL_ARCHITECTURES.
read_kernel() {
  KERNEL=$(kernel_json .name)
  KERNEL_PACKAGE="linux-image-$KERNEL"
  KERNEL_SOURCE=$(kernel_json .source)
  # shellcheck disable=SC2034 # for the steps
  mapfile -t KERNEL_ARCHITECTURES < <(kernel_json '.configs | keys[]')
  export KERNEL KERNEL_PACKAGE KERNEL_SOURCE
}

# kernel_artifact <architecture>: what files in /dist begin with.
kernel_artifact() {
  printf 'kernel-%s-%s-%s\n' "$KERNEL" "$1" "$VERSION"
}

# gnu_type <Debian architecture>: what its compiler's programs begin with.
gnu_type() {
  case "$1" in
    amd64) echo x86_64-linux-gnu ;;
    arm64) echo aarch64-linux-gnu ;;
    armhf) echo arm-linux-gnueabihf ;;
    armel) echo arm-linux-gnueabi ;;
  esac
}

# kernel_arch <Debian architecture>: the kernel's ARCH.
kernel_arch() {
  case "$1" in
    amd64) echo x86 ;;
    arm64) echo arm64 ;;
    armhf | armel) echo arm ;;
  esac
}

# kernel_image <Debian architecture>: the file that becomes /boot/vmlinuz, as in Debian's packages.
kernel_image() {
  case "$1" in
    amd64) echo arch/x86/boot/bzImage ;;
    arm64) echo arch/arm64/boot/Image ;;
    armhf | armel) echo arch/arm/boot/zImage ;;
  esac
}

# fragments <architecture>: the repository's config/*.config, then config/<architecture>/*.config, relative to it.
fragments() {
  (
    cd "$WORKSPACE" || exit 1
    shopt -s nullglob
    printf '%s\n' config/*.config "config/$1"/*.config | sed '/^$/d'
  )
}

# check_fragments: plain files of options, each option once for an architecture.
check_fragments() {
  local architecture file message files
  [ -L "$WORKSPACE/config" ] && problem "config: found a symbolic link, expected a folder" && return 0
  for architecture in "" $(jq -r '.configs? | objects | keys[]' "$WORKSPACE/kernel.json" 2>/dev/null || true); do
    files=()
    while IFS= read -r file; do
      if [[ ! $file =~ ^config/([a-z0-9]+/)?[A-Za-z0-9._+-]+$ ]]; then
        problem "$file: found a name with other characters, expected letters, digits and ._+-"
      elif plain_file "$file"; then
        files+=("$file")
      fi
    done < <(fragments "${architecture:-none/}")
    [ ${#files[@]} -eq 0 ] || while ! enough && IFS= read -r message; do problem "$message"; done < <(fragment_problems "${files[@]}")
    # With the first mistake: the same files are read again for each architecture.
    [ ${#PROBLEMS[@]} -eq 0 ] || return 0
  done
}

# fragment_problems <file…>: one line for each, by bytes: what is no text has no other length.
fragment_problems() {
  (
    cd "$WORKSPACE" || exit 1
    for file in "$@"; do LC_ALL=C tr '\000' '?' <"$file" | sed "s|^|$file:|"; done
  ) | LC_ALL=C awk '
    {
      file = $0; sub(/:.*/, "", file)
      line = substr($0, length(file) + 2)
      number = ++lines[file]
      sub(/[[:space:]]+$/, "", line)
    }
    line == "" || line ~ /^#( |$)/ && line !~ /^# CONFIG_/ { next }
    line ~ /^# CONFIG_[A-Za-z0-9_]+ is not set$/ { option = $0; sub(/^[^:]*:# /, "", option); sub(/ .*/, "", option); taken(option); next }
    line ~ /^CONFIG_[A-Za-z0-9_]+=(y|m|n|-?[0-9]+|0x[0-9A-Fa-f]+|"[^"]*")$/ { option = line; sub(/=.*/, "", option); taken(option); next }
    { printf "%s: line %d: found %s, expected CONFIG_<option>=<value>, # CONFIG_<option> is not set, or a comment\n", file, number, substr(line, 1, 80) }
    function taken(option) {
      if (option in seen) printf "%s: line %d: found %s again, expected each option once (%s)\n", file, number, option, seen[option]
      else seen[option] = file ": line " number
    }'
}
