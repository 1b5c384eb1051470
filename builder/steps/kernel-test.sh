# Tests each kernel's package that `build` left in /dist, from its own bytes; nothing of it runs.

CHECK_CONFIG=/usr/share/docker.io/contrib/check-config.sh

# check_docker <architecture> <tree> <file>: what Docker's own script says of the kernel's config, as Debian ships it.
check_docker() {
  local release
  release=$(basename "$2"/boot/config-*)
  mkdir -p "$WORK/bin"
  # The script asks the machine that it runs on for its kernel's version.
  printf '#!/bin/sh\necho "%s"\n' "${release#config-}" >"$WORK/bin/uname"
  chmod 755 "$WORK/bin/uname"
  # Its exit code is about this machine, too.
  PATH="$WORK/bin:$PATH" NO_COLOR=1 sh "$CHECK_CONFIG" "$2/boot/$release" >"$3" 2>&1 || true
}

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
  check_docker "$architecture" "$WORK/test" "$WORK/check-config.txt"
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
