# rootfs.json, versions.json and packages.txt become /dist/rootfs-<architecture>-<version>.tar.zst, .sha256 and .packages.

build_rootfs() {
  local architecture=$1 release=$2 tree="$WORK/tree" name="rootfs-$1-$VERSION" packages files
  mapfile -t packages < <(wanted_packages "$architecture")
  rm -rf "$tree" "$WORK/log"
  phase "$architecture: download and extract"
  extract_rootfs "$tree" "$architecture" "$release" "${packages[@]}"
  phase "$architecture: unpack"
  cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
  cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
  mapfile -t files < <(needed_files "$tree" "$architecture" "${BASE_PACKAGES[@]}" "${packages[@]}")
  unpack_packages "$tree" "${files[@]/#/$tree/var/cache/apt/archives/}"
  phase "$architecture: configure"
  configure_packages "$tree" "$architecture"
  phase "$architecture: pack"
  finish_rootfs "$tree" "$architecture" "$release" "${packages[@]}"
  package_list "$tree" >"$DIST/$name.packages"
  pack_tree "$tree" "$DIST/$name.tar.zst"
  (cd "$DIST" && sha256sum "$name.tar.zst" >"$name.tar.zst.sha256")
  rm -rf "$tree"
}

# wanted_packages <architecture>: packages.txt and Docker's, as apt takes them.
wanted_packages() {
  local docker
  docker=$(docker_packages "$(docker_source "$1")" | cut -d' ' -f2)
  listed_packages | grep -vxF -e "$docker" || true
  docker_selection "$1"
}

# What every root filesystem has, as apt takes it.
BASE_PACKAGES=('?essential' '?priority(required)' apt)

# mmdebstrap resolves, downloads and extracts everything; nothing runs in the tree yet.
extract_rootfs() {
  local tree=$1 architecture=$2 release=$3 archives
  shift 3
  archives=$(package_cache "$architecture")
  build_sources "$release" >"$WORK/sources.list"
  # Docker's own repository, and the package lists that were fetched to look for pins.
  rm -rf "$WORK/apt" && mkdir -p "$WORK/apt"
  docker_apt "$WORK/apt" "$release" "$architecture"
  docker_package_lists "$WORK/apt" "$architecture"
  # shellcheck disable=SC2016 # $1 is the hook's own argument
  quietly mmdebstrap retried run_mmdebstrap "$tree" --mode=root --variant=extract --architectures="$architecture" \
    --skip=cleanup/apt,download/empty,check/empty --aptopt='Acquire::Languages "none"' \
    --aptopt='APT::Sandbox::User "root"' \
    --setup-hook="cp $archives*.deb \"\$1\"/var/cache/apt/archives/ 2>/dev/null || true" \
    --setup-hook="cp -a $WORK/apt/. \"\$1\"/" "${BASE_PACKAGES[@]/#/--include=}" "${@/#/--include=}" \
    "$release" "$tree" "$WORK/sources.list"
  cp --update=none "$tree"/var/cache/apt/archives/*.deb "$archives"
}

# A tree that a failed attempt left is no beginning.
run_mmdebstrap() {
  rm -rf "$1"
  shift
  mmdebstrap "$@"
}

finish_rootfs() {
  local tree=$1 architecture=$2 release=$3
  shift 3
  rm -f "$tree/etc/apt/apt.conf.d/99mmdebstrap" "$tree"/etc/apt/sources.list.d/*
  apt_sources "$release" >"$tree/etc/apt/sources.list"
  docker_apt "$tree" "$release" "$architecture"
  write_docker_record "$tree" "$architecture"
  mark_automatic "$tree" "$architecture" "${@%%=*}"
  printf 'hypriotos\n' >"$tree/etc/hostname"
  clean_tree "$tree"
  clamp_times "$tree"
}

# Every architecture is tried: one that fails says nothing about another, and what was made of the others is kept.
build_all() {
  local architecture jobs=() failed=() code
  for architecture in "$@"; do
    # In the background, because there the first failing command still ends it.
    (
      WORK="$WORK/$architecture"
      mkdir -p "$WORK"
      build_rootfs "$architecture" "$release"
      phase
    ) &
    jobs+=($!)
  done
  for architecture in "$@"; do
    code=0
    wait "${jobs[0]}" || code=$?
    jobs=("${jobs[@]:1}")
    [ "$code" -eq 0 ] || failed+=("$architecture: the root filesystem was not made: exit code $code, see above")
  done
  hand_over
  [ ${#failed[@]} -eq 0 ] || fail "${failed[@]}"
}

release=$(jq -r .release "$WORKSPACE/rootfs.json")
mapfile -t architectures < <(jq -r '.architectures[]' "$WORKSPACE/rootfs.json")
for architecture in "${architectures[@]}"; do require_emulation "$architecture"; done
check_docker "$release" "${architectures[@]}"
build_all "${architectures[@]}"
