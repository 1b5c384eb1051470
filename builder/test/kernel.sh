#!/usr/bin/env bash
# A small kernel for real: built from nothing; tested; built again from the cache, read-only as strangers' builds have it,
# in another folder: the same bytes, and in what part of the time; booted in QEMU until its own shell says on the serial
# console what it runs on. Minutes of processor time, and Debian's mirror. It has nothing that containers need, so those
# examples fail, and no others; with --docker it has the template's config/docker.config, compiles three times as much,
# and none fails.
#   kernel.sh [--docker] <builder image>
set -euo pipefail

docker=
if [ "${1:-}" = --docker ]; then
  docker=yes
  shift
fi
[ $# -eq 1 ] || { echo "usage: ${0##*/} [--docker] <builder image>" >&2; exit 2; }
image=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1700000000 HYPRIOTOS_VERSION=1.0.0

# What the runner and the Makefiles give a build, and nothing else.
rights=(--cap-drop ALL --security-opt no-new-privileges --memory 3g)
for capability in CHOWN DAC_OVERRIDE FOWNER FSETID MKNOD SETFCAP SETGID SETUID SYS_CHROOT; do
  rights+=(--cap-add "$capability")
done

# in_builder <repository> <dist> <cache> <:ro or nothing> <docker run option…> -- <argument…>
in_builder() {
  local mounts=(--volume "$1:/workspace:ro" --volume "$2:/dist" --volume "$3:/cache${4:-}") options=()
  shift 4
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  docker run --rm "${rights[@]}" --env HYPRIOTOS_VERSION --env SOURCE_DATE_EPOCH "${mounts[@]}" "${options[@]}" "$image" "$@"
}

# build <name> <:ro or nothing>: sets TOOK, in seconds, of the compiler alone.
build() {
  mkdir -p "$work/$1/repository" "$work/$1/dist"
  cp -r "$here/kernel/." "$work/$1/repository"
  [ -z "$docker" ] || cp "$here/../../repositories/kernel/config/docker.config" "$work/$1/repository/config/"
  echo "##### build $1"
  in_builder "$work/$1/repository" "$work/$1/dist" "$work/cache" "$2" -- build | tee "$work/$1/log"
  TOOK=$(sed -nE 's/^ +arm64: compile: ([0-9]+)\.[0-9] s$/\1/p' "$work/$1/log")
}

# Real packages, but objects of this run only.
mkdir -p "$work/cache"
build first ""
first=$TOOK
code=0
in_builder "$work/first/repository" "$work/first/dist" "$work/cache" "" --network none -- test >"$work/tests" 2>&1 || code=$?
found=$(jq -r '.examples[] | select(.status == "failed") | .full_description | sub("CONFIG_.*"; "…")' \
  "$work/first/dist/kernel-small-arm64-1.0.0.test.json" | sort -u)
expected=$([ -n "$docker" ] || printf '%s\n' "Docker has its storage driver, …" "Docker needs …")
wanted=1
[ -z "$docker" ] || wanted=0
if [ "$found" != "$expected" ] || [ "$code" != "$wanted" ]; then
  cat "$work/tests"
  echo "error: found these failures and exit code $code, expected $wanted and: ${expected:-none}" >&2
  exit 1
fi
jq -r .summary_line "$work/first/dist/kernel-small-arm64-1.0.0.test.json"
build "second with a longer name" :ro
second=$TOOK
for folder in first "second with a longer name"; do
  (cd "$work/$folder/dist" && sha256sum kernel-small-arm64-1.0.0.{deb,config,packages}) >"$work/$folder/sums"
done
diff "$work/first/sums" "$work/second with a longer name/sums" || { echo "error: the same commit gave different artifacts" >&2; exit 1; }
echo "##### the same to the last bit"
cat "$work/first/sums"
echo "##### compiled in $first s from nothing, in $second s from the cache: $((first * 10 / (second > 0 ? second : 1)))/10 times as fast"
[ $((second * 2)) -lt "$first" ] || { echo "error: the cache saved less than half of the time" >&2; exit 1; }
echo "##### boot"
in_builder "$work/first/repository" "$work/first/dist" "$work/cache" "" --entrypoint /opt/builder/test/kernel/boot.sh -- \
  "kernel-small-arm64-1.0.0.deb"
