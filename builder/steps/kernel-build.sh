# kernel.json and config/ become /dist/kernel-<name>-<architecture>-<version>.deb and what is beside it: .sha256, .config,
# .packages (what it was built from and with).

kernel_targets() {
  basename "$(kernel_image "$1")"
  ! config_has MODULES || echo modules
  ! { config_has OF_EARLY_FLATTREE && [ "$(kernel_arch "$1")" != x86 ]; } || echo dtbs
}

build_kernel() {
  local architecture=$1 name targets
  name=$(kernel_artifact "$architecture")
  phase "$architecture: config"
  unpack_source
  make_config "$architecture"
  phase "$architecture: compile"
  mapfile -t targets < <(kernel_targets "$architecture")
  quietly "compile-$architecture" kernel_make "$architecture" --jobs="$(nproc)" "${targets[@]}"
  # Before it is compiled, make tells another: its own config is not made yet.
  KERNEL_RELEASE=$(<"$WORK/linux/include/config/kernel.release")
  export KERNEL_RELEASE
  [ -n "${CCACHE_READONLY:-}${CCACHE_DISABLE:-}" ] || ccache --show-stats | sed -n 's/^ *\(Hits\|Misses\):/    ccache \1:/p' | head -n 2
  phase "$architecture: package"
  install_kernel "$architecture" "$WORK/package"
  clamp_times "$WORK/package"
  pack_kernel "$architecture" "$WORK/package" "$DIST/$name.deb"
  cp "$WORK/linux/.config" "$DIST/$name.config"
  built_with "$architecture" >"$DIST/$name.packages"
  (cd "$DIST" && sha256sum "$name.deb" >"$name.deb.sha256")
  rm -rf "$WORK/package" "$WORK/linux"
}

read_kernel
use_ccache
phase "compiler and source"
install_compilers
fetch_source
for architecture in "${KERNEL_ARCHITECTURES[@]}"; do build_kernel "$architecture"; done
phase
hand_over
