# Tests each root filesystem that `build` left in /dist.

mapfile -t architectures < <(jq -r '.architectures[]' "$WORKSPACE/rootfs.json")
for architecture in "${architectures[@]}"; do
  require_emulation "$architecture"
  name="rootfs-$architecture-$VERSION"
  [ -f "$DIST/$name.tar.zst" ] || wrong "$DIST/$name.tar.zst: found nothing, expected a root filesystem: run build first"
done
failed=0
for architecture in "${architectures[@]}"; do
  phase "$architecture: tests"
  name="rootfs-$architecture-$VERSION"
  rm -rf "$WORK/test"
  unpack_tree "$DIST/$name.tar.zst" "$WORK/test"
  lend_devices "$WORK/test"
  # In a shell of its own: the other architectures' results are wanted too.
  (ARCHITECTURE=$architecture run_specs "$WORK/test" rootfs "$name") || failed=1
done
phase
exit "$failed"
