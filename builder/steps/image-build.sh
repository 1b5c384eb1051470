# board.json, versions.json, packages.txt and files/ become /dist/hypriotos-<board>-<version>.img.zst and what is
# beside it: .sha256, .bmap, .packages, .cdx.json (SBOM).

# What apt needs to plan an installation on the rootfs, without unpacking all of it.
PLAN_PATHS=(./etc/apt ./usr/share/keyrings ./var/cache/apt ./var/lib/apt ./var/lib/dpkg)

# base_tree <tree>: the rootfs with kernel, boot loader and the board's packages, the same for every commit that
# changes none of them.
base_tree() {
  local tree=$1 plan="$WORK/plan" packages key entry planned time
  packages=("$(board .kernel.package)")
  mapfile -t -O 1 packages < <(boot_packages; board '.extraPackages[]')
  phase "package lists"
  pinned_rootfs "$ARCHITECTURE"
  rm -rf "$plan"
  unpack_tree "$ROOTFS" "$plan" "${PLAN_PATHS[@]}" ||
    wrong "versions.json: rootfs.$ARCHITECTURE: found a file that is no root filesystem, expected a .tar.zst as the rootfs repository makes it"
  pinned_kernel
  offer_kernel "$plan"
  update_package_lists "$plan" "$ARCHITECTURE"
  require_packages "$plan" "$ARCHITECTURE" board.json "${packages[@]}"
  require_packages "$plan" "$ARCHITECTURE" packages.txt "${more[@]}"
  planned=$(package_plan "$plan" "$ARCHITECTURE" "${packages[@]}")
  refuse_removals board.json "$planned"
  key=$(cache_key base "$ROOTFS_SHA256" "$KERNEL_SHA256" "$(jq -cS .boot <<<"$BOARD_JSON")" "${packages[*]}" "$planned")
  if entry=$(cache_get base "$key"); then
    phase "root filesystem, kernel, boot loader (cached)"
    unpack_tree "$entry" "$tree"
    take_package_lists "$plan" "$tree"
  else
    phase "root filesystem"
    unpack_tree "$ROOTFS" "$tree"
    # Before anything of today is in it.
    time=$(newest_time "$tree")
    take_package_lists "$plan" "$tree"
    phase "kernel and boot loader"
    offer_kernel "$tree"
    make_base "$tree" "$time" "${packages[@]}"
    cache_put base "$key" "$WORK/base.tar.zst"
    rm -f "$WORK/base.tar.zst"
  fi
  rm -rf "$plan"
}

take_package_lists() {
  rm -rf "$2/var/lib/apt/lists"
  mv "$1/var/lib/apt/lists" "$2/var/lib/apt/lists"
  cp "$1/etc/apt/sources.list" "$2/etc/apt/sources.list"
}

# make_base <tree> <seconds> <package…>, and packs it. Its times come from its packages, not from the commit that happens
# to make it: <seconds> is the root filesystem's own.
make_base() {
  local tree=$1 epoch=$2 kernel
  shift 2
  SOURCE_DATE_EPOCH=$epoch install_packages "$tree" "$ARCHITECTURE" "$@"
  withdraw_kernel "$tree"
  kernel=$(stat -c %Y "$tree"/boot/vmlinuz-* | sort -n | tail -n 1)
  epoch=$((kernel > epoch ? kernel : epoch))
  clamp_times "$tree" "$epoch"
  SOURCE_DATE_EPOCH=$epoch pack_tree "$tree" "$WORK/base.tar.zst" 1
}

build_image() {
  local tree="$WORK/tree" more
  rm -rf "$tree" "$WORK/log" && mkdir -p "$tree"
  mapfile -t more < <(listed_packages)
  boot_prepare
  base_tree "$tree"
  boot_settings "$tree"
  phase "packages and files"
  add_packages "$tree"
  apt_sources "$(sed -n 's/^VERSION_CODENAME=//p' "$tree/usr/lib/os-release")" >"$tree/etc/apt/sources.list"
  customize "$tree"
  copy_files "$tree"
  phase "initramfs"
  make_initramfs "$tree" "$ARCHITECTURE"
  boot_install "$tree"
  copy_boot_files "$tree"
  check_device_trees "$tree"
  phase "partitions"
  package_list "$tree" >"$DIST/$IMAGE.packages"
  clean_tree "$tree"
  ln -sf ../run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
  clamp_times "$tree"
  make_boot_partition "$tree/boot/firmware" "$WORK/boot.fat" "$(board .partitions.boot.sizeMiB)"
  find "$tree/boot/firmware" -mindepth 1 -delete
  clamp_times "$tree"
  make_root_partition "$tree" "$WORK/root.ext4" "$(board .partitions.root.sizeMiB)"
  make_card "$WORK/boot.fat" "$WORK/root.ext4" "$WORK/$IMAGE.img"
  boot_raw "$tree" "$WORK/$IMAGE.img"
  fallocate --dig-holes "$WORK/$IMAGE.img"
  phase "artifacts"
  write_artifacts "$tree"
}

add_packages() {
  local planned
  [ ${#more[@]} -gt 0 ] || return 0
  planned=$(package_plan "$1" "$ARCHITECTURE" "${more[@]}")
  refuse_removals packages.txt "$planned"
  install_packages "$1" "$ARCHITECTURE" "${more[@]}"
}

check_device_trees() {
  local file folder missing=()
  folder=$(compgen -G "$1/usr/lib/linux-image-*" | sort -V | tail -n 1)
  while read -r file; do
    [ -z "$file" ] || [ -f "$folder/$file" ] ||
      missing+=("board.json: deviceTrees: found $file, expected a file of $(board .kernel.package) below ${folder#"$1"}")
  done < <(board '.deviceTrees[]')
  [ ${#missing[@]} -eq 0 ] || wrong "${missing[@]}"
}

# Each reads the whole image: at the same time, so that it is read from memory and every processor has work.
write_artifacts() {
  cd "$WORK" || exit 1
  rm -f "$DIST/$IMAGE".img*
  all_of "sha256sum '$IMAGE.img' >'$DIST/$IMAGE.img.sha256'" \
    "bmaptool --quiet create --output '$DIST/$IMAGE.bmap' '$IMAGE.img'" \
    "python3 '$BUILDER/lib/sbom.py' '$1' '$IMAGE' '$VERSION' >'$DIST/$IMAGE.cdx.json'" \
    "zstd -q -T2 -3 -f '$IMAGE.img' -o '$DIST/$IMAGE.img.zst'"
  (cd "$DIST" && sha256sum "$IMAGE.img.zst" >"$IMAGE.img.zst.sha256")
}

read_board
# shellcheck source=/dev/null
source "$BUILDER/boot/$(board .boot.method).sh"
require_emulation "$ARCHITECTURE"
build_image
phase
hand_over
