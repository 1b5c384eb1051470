#!/usr/bin/env bash
# A rootfs repository with several architectures tries each and names every one that fails. Nothing can be downloaded
# here, so all do. Runs in the builder image, without a network:
#   docker run … --network none --entrypoint /opt/builder/test/architectures.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/r"
echo '{"version":1,"release":"trixie","architectures":["arm64","armhf"]}' >"$work/r/rootfs.json"
echo "htop" >"$work/r/packages.txt"
echo "deb file:$work/nothing trixie main" >"$work/sources.list"

code=0
output=$(HYPRIOTOS_APT_SOURCES="$work/sources.list" HYPRIOTOS_VERSION=1.0.0 SOURCE_DATE_EPOCH=1700000000 \
  WORKSPACE="$work/r" DIST="$work/d" CACHE="$work/c" WORK="$work/w" "$BUILDER/builder" build 2>&1) || code=$?

count=0 failures=0
# check <what> <command…>
check() {
  count=$((count + 1))
  if "${@:2}"; then echo "ok $count - $1"; else
    echo "not ok $count - $1: exit code $code, $(tail -n 20 <<<"$output")"
    failures=$((failures + 1))
  fi
}
check "the build has failed" test "$code" = 1
for architecture in arm64 armhf; do
  check "$architecture was tried" grep -qxF "==> $architecture: download and extract" <<<"$output"
  check "$architecture is named" \
    grep -qxF "error: $architecture: the root filesystem was not made: exit code 1, see above" <<<"$output"
done
check "nothing that failed lies in the folder of artifacts" test -z "$(ls "$work/d")"
echo "1..$count"
[ "$failures" -eq 0 ]
