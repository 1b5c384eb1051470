#!/usr/bin/env bash
# A boot loader in parts lies where board.json says, the partition table stays, and the card's id is the one that the
# kernel is told. Runs in the builder image:
#   docker run … --entrypoint /opt/builder/test/boot-parts.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BUILDER LC_ALL=C.UTF-8 VERSION=1.0.0 WORKSPACE="$work" WORK="$work/w" ARTIFACTS="$work/none" CACHE="$work/none"
for file in "$BUILDER"/lib/*.sh "$BUILDER/boot/u-boot-parts.sh"; do
  # shellcheck source=/dev/null
  source "$file"
done
mkdir -p "$WORK"

# made <name> <bytes>: a file that is different at every place.
made() {
  seq -f "$1 %010.0f" 100000 | head -c "$2" >"$work/$1" || true
}
made bl1 2000
made loader 3000
made late 600
digest() { sha256sum "$work/$1" | cut -c1-64; }
jq -n --arg bl1 "$(digest bl1)" --arg loader "$(digest loader)" --arg late "$(digest late)" \
  '{version: 1, rootfs: {}, firmware: {bl1: {url: "bl1", sha256: $bl1}, loader: {url: "loader", sha256: $loader}, late: {url: "late", sha256: $late}}}' >"$work/versions.json"

# board <maximum of bl1 in KiB> <offset of late in KiB>
board_of() {
  jq -n --argjson maximum "$1" --argjson late "$2" '
    def vendor($name; $offset; $maximum): {source: "vendor", name: $name, license: "A test", offsetKiB: $offset, maximumKiB: $maximum};
    {version: 1, name: "some-board", title: "Some Board", architecture: "arm64", kernel: {package: "linux-image-arm64"},
     deviceTrees: ["a.dtb"], partitions: {boot: {sizeMiB: 64}, root: {sizeMiB: 512}},
     boot: {method: "u-boot-parts", script: "boot.ini",
       parts: [vendor("bl1"; 0; $maximum), vendor("loader"; 2; 4) + {lengthKiB: 2}, vendor("late"; $late; 1)]}}' >"$work/board.json"
  read_board
}

# as_built <card>: what a build does with the boot loader, without a system.
as_built() {
  local name
  boot_prepare
  mkdir -p "$WORK/tree$VENDOR_FOLDER"
  for name in bl1 loader late; do install -m 644 "$WORK/vendor/$name" "$WORK/tree$VENDOR_FOLDER/$name"; done
  truncate -s 1M "$WORK/fat"
  truncate -s 1M "$WORK/ext4"
  make_card "$WORK/fat" "$WORK/ext4" "$1"
  cp "$1" "$1.before"
  boot_raw "$WORK/tree" "$1"
}

count=0 failures=0
check() {
  count=$((count + 1))
  if "${@:2}"; then echo "ok $count - $1"; else
    echo "not ok $count - $1"
    failures=$((failures + 1))
  fi
}
# same <file> <file> <skip in the first> <skip in the second> <bytes>
same() { cmp --bytes="$5" --ignore-initial="$3:$4" "$1" "$2"; }
# refused <line>: by a build of the board, which ends with 2.
refused() {
  local output code=0
  output=$( (as_built "$WORK/refused.img") 2>&1) || code=$?
  [ "$code" -eq 2 ] && grep -qxF -- "$1" <<<"$output"
}

board_of 2 3
card="$WORK/card.img"
as_built "$card"
check "the first part lies before the partition table" same "$card" "$work/bl1" 0 0 442
check "the partition table is as it was" same "$card" "$card.before" 442 442 70
check "the first part goes on behind it" same "$card" "$work/bl1" 512 512 1488
check "nothing is written behind a part's end" same "$card" "$card.before" 2000 2000 48
check "a second part lies where it should" same "$card" "$work/loader" 2048 0 1024
check "a later part lies over its end" same "$card" "$work/late" 3072 0 600
check "and what is behind that is cut to whole sectors of its length" same "$card" "$work/loader" 3672 1624 424
check "a part ends where the board says" same "$card" "$card.before" 4096 4096 1000
check "the card has the id that the kernel is told" test "$(sfdisk --json "$card" | jq -r '.partitiontable.id')-02" = "0x$ROOT_PARTUUID"
check "it is not the board's usual one" test "$ROOT_PARTUUID" != "$(stable_hex 8 disk)-02"

board_of 1.5 3
check "a file that is too large is refused" refused "error: board.json: boot.parts[0].maximumKiB: found a file bl1 of 2000 bytes, expected at most 1536"
board_of 2 4095.5
check "a part that reaches into the first partition is refused" \
  refused "error: board.json: boot.parts[2].offsetKiB: found 4095.5, where 1024 bytes reach into the first partition, expected a place that leaves room for them"
board_of 2 3
echo changed >>"$work/late"
rm -rf "$CACHE"
check "a file with another digest is refused" grep -q "^error: versions.json: firmware.late.sha256: found a file with " <(as_built "$WORK/x.img" 2>&1 || true)
echo "1..$count"
[ "$failures" -eq 0 ]
