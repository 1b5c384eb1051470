# Tests each kernel's package that `build` left in /dist, from its own bytes; nothing of it runs.

read_kernel
for architecture in "${KERNEL_ARCHITECTURES[@]}"; do
  name=$(kernel_artifact "$architecture")
  [ -f "$DIST/$name.deb" ] || wrong "$DIST/$name.deb: found nothing, expected a kernel: run build first"
done
failed=0
for architecture in "${KERNEL_ARCHITECTURES[@]}"; do
  phase "$architecture: tests"
  name=$(kernel_artifact "$architecture")
  rm -rf "$WORK/test" && mkdir -p "$WORK/test"
  dpkg-deb --raw-extract "$DIST/$name.deb" "$WORK/test"
  docker_check_config "$WORK/test" "$WORK/check-config.txt"
  mapfile -t files < <(fragments "$architecture")
  # In a shell of its own: the other architectures' results are wanted too.
  (
    export ARCHITECTURE=$architecture KERNEL_FILE="$DIST/$name.deb" CHECK_CONFIG_OUTPUT="$WORK/check-config.txt"
    KERNEL_FRAGMENTS=$(printf '%s\n' "${files[@]/#/$WORKSPACE/}")
    KERNEL_JSON=$(<"$WORKSPACE/kernel.json")
    export KERNEL_FRAGMENTS KERNEL_JSON
    run_specs "$WORK/test" kernel "$name"
  ) || failed=1
done
phase
exit "$failed"
