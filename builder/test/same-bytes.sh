#!/usr/bin/env bash
# The same small tree gives the same card and the same archive, to the last bit, whatever folder it lies in, in whatever
# order and at whatever time its files came. Runs in the builder image:
#   docker run … --entrypoint /opt/builder/test/same-bytes.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BUILDER LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=1700000000 VERSION=1.0.0
for file in "$BUILDER"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WORKSPACE="$work" WORK="$work"
cat >"$work/board.json" <<'BOARD'
{"version":1,"name":"some-board","title":"Some Board","architecture":"arm64","kernel":{"package":"linux-image-arm64"},
 "boot":{"method":"raspi-firmware"},"partitions":{"boot":{"sizeMiB":64},"root":{"sizeMiB":512}}}
BOARD
read_board
# shellcheck source=/dev/null
source "$BUILDER/boot/$(board .boot.method).sh"

# tree <folder> <file…>: files with the times of now, or older than the commit, in this order.
tree() {
  local folder=$1 file
  shift
  for file in "$@"; do
    mkdir -p "$folder/$(dirname "$file")"
    printf 'content of %s\n' "$file" >"$folder/$file"
  done
  touch --date=@1600000000 "$folder/etc/old"
  ln -s ../etc/old "$folder/usr/link"
  chmod 4755 "$folder/usr/bin/program"
  mkdir -p "$folder/tmp/was-there-for-a-while" && rmdir "$folder/tmp/was-there-for-a-while"
}

# card <folder>: <folder>.img and <folder>.tar.zst, as build_image makes them.
card() {
  clamp_times "$1"
  pack_tree "$1" "$1.tar.zst" 1
  make_boot_partition "$1/boot/firmware" "$1.fat" "$(board .partitions.boot.sizeMiB)"
  find "$1/boot/firmware" -mindepth 1 -delete
  clamp_times "$1"
  make_root_partition "$1" "$1.ext4" "$(board .partitions.root.sizeMiB)"
  make_card "$1.fat" "$1.ext4" "$1.img"
}

files=(etc/old etc/new usr/bin/program usr/bin/ping usr/lib/b usr/lib/a tmp/x boot/firmware/config.txt
  boot/firmware/overlays/b.dtbo boot/firmware/overlays/a.dtbo boot/firmware/kernel.img)
mapfile -t reversed < <(printf '%s\n' "${files[@]}" | tac)
mkdir "$work/a folder with a longer name"
tree "$work/one" "${files[@]}"
card "$work/one"
# FAT counts time in steps of two seconds.
first=$(date +%s)
until [ "$(date +%s)" -ge $((first + 2)) ]; do sleep 0.1; done
tree "$work/a folder with a longer name/two" "${reversed[@]}"
card "$work/a folder with a longer name/two"

count=0 failures=0
for kind in tar.zst fat ext4 img; do
  count=$((count + 1))
  if cmp "$work/one.$kind" "$work/a folder with a longer name/two.$kind"; then
    echo "ok $count - the same $kind"
  else
    echo "not ok $count - another $kind"
    failures=$((failures + 1))
  fi
done
echo "1..$count"
[ "$failures" -eq 0 ]
