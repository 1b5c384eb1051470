#!/usr/bin/env bash
# Boots a kernel's package of arm64 in QEMU, with an initramfs of one program, Debian's busybox: passes when the serial
# console says the kernel's release, as uname tells it. Runs in the builder image, by builder/test/kernel.sh.
#   boot.sh <file in /dist>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export BUILDER WORK=/build CACHE=/cache LC_ALL=C.UTF-8 TZ=UTC
for file in common packages debian; do
  # shellcheck source=/dev/null
  source "$BUILDER/lib/$file.sh"
done
# shellcheck source=/dev/null
source "$BUILDER/boot-test/machine.sh"
mkdir -p "$WORK/boot" "$WORK/initramfs/bin" "$WORK/package"
dpkg-deb --extract "/dist/$1" "$WORK/package"
debian_has arm64 busybox-static || fail "busybox-static: found no such package for arm64"
dpkg-deb --fsys-tarfile "$(debian_file arm64 busybox-static)" | tar --extract --to-stdout ./usr/bin/busybox >"$WORK/initramfs/bin/busybox"
chmod 755 "$WORK/initramfs/bin/busybox"
cat >"$WORK/initramfs/init" <<'INIT'
#!/bin/busybox sh
echo "the kernel says: $(/bin/busybox uname -srm)"
/bin/busybox poweroff -f
INIT
chmod 755 "$WORK/initramfs/init"
mkdir "$WORK/initramfs/dev"
mknod "$WORK/initramfs/dev/console" c 5 1
(cd "$WORK/initramfs" && find . | cpio --quiet --create --format=newc | gzip) >"$WORK/boot/initramfs"

release=$(basename "$WORK"/package/boot/vmlinuz-*)
release=${release#vmlinuz-}
# shellcheck disable=SC2034 # start_machine's
QEMU=(qemu-system-aarch64 -machine virt -cpu cortex-a72 -m 256 -nodefaults -display none -no-reboot
  -kernel "$WORK/package/boot/vmlinuz-$release" -initrd "$WORK/boot/initramfs" -append "console=ttyAMA0 panic=-1"
  -serial "file:$WORK/boot/console.log")
start_machine "$WORK/boot/console.log"
await_line "$WORK/boot/console.log" "^the kernel says: Linux $release aarch64" 120 ||
  { cat "$WORK/boot/console.log" "$WORK/boot/qemu.log"; fail "boot: found no line with $release on the serial console, expected it"; }
grep --text -E '^the kernel says|Linux version' "$WORK/boot/console.log"
# It ends by itself, or the kernel cannot turn the machine off.
timeout 60 tail --pid="$MACHINE" -f /dev/null || fail "boot: found a machine that goes on, expected one that turns itself off"
