#!/usr/bin/env bash
# The straightforward way to such an image, to compare with: the whole package set installed by mmdebstrap with every
# maintainer script emulated, a file system made of it, the card compressed with xz. Runs in the builder image:
#   plain-image.sh <architecture> <package,package…> <boot MiB> <root MiB>
set -euo pipefail

architecture=$1 packages=$2 boot=$3 root=$4
export LC_ALL=C.UTF-8
work=$(mktemp -d)
mirror() { awk -v suite="$1" '$1 == "deb" && $3 == suite { print $2; exit }' /etc/apt/sources.list; }

step() { printf '==> %s (%d s)\n' "$1" "$SECONDS"; }

step "mmdebstrap, everything emulated"
for suite in trixie trixie-updates trixie-security; do
  printf 'deb %s %s main non-free-firmware\n' "$(mirror "$suite")" "$suite"
done >"$work/sources.list"
mmdebstrap --quiet --mode=root --variant=minbase --architectures="$architecture" --include="$packages" \
  trixie "$work/tree" "$work/sources.list"
step "file systems"
mkdir -p "$work/tree/boot/firmware"
truncate -s "${boot}M" "$work/boot.fat"
mkfs.vfat -F 32 "$work/boot.fat" >/dev/null
mcopy -s -i "$work/boot.fat" "$work"/tree/boot/vmlinuz-* "$work"/tree/boot/initrd.img-* ::
mke2fs -q -t ext4 -d "$work/tree" "$work/root.ext4" "${root}M"
step "card"
truncate -s "$((4 + boot + root))M" "$work/card.img"
printf 'start=4MiB, size=%dMiB, type=c\nstart=%dMiB, size=%dMiB, type=83\n' "$boot" "$((4 + boot))" "$root" |
  sfdisk --quiet --no-reread --no-tell-kernel --label dos "$work/card.img"
dd if="$work/boot.fat" of="$work/card.img" bs=1M seek=4 conv=notrunc status=none
dd if="$work/root.ext4" of="$work/card.img" bs=1M seek="$((4 + boot))" conv=notrunc status=none
step "xz"
xz -T2 "$work/card.img"
step "done, $(($(stat -c %s "$work/card.img.xz") / 1048576)) MiB"
