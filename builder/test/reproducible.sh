#!/usr/bin/env bash
# Builds a repository's HEAD three times, in different folders at different times, and compares every artifact to the
# last bit: with an empty cache, with another empty cache, and with the first one's, read-only as strangers' builds have
# it. --quick leaves the second out. Options for docker run come last, such as --volume <pinned files>:/artifacts:ro.
#   reproducible.sh [--quick] <builder image> <repository> [<docker run option>…]
set -euo pipefail

quick=
if [ "${1:-}" = --quick ]; then
  quick=yes
  shift
fi
[ $# -ge 2 ] || { echo "usage: ${0##*/} [--quick] <builder image> <repository> [<docker run option>…]" >&2; exit 2; }
image=$1 repository=$(realpath "$2")
shift 2
options=("$@")
# What the runner and the Makefiles give a build, and nothing else.
for capability in CHOWN DAC_OVERRIDE FOWNER FSETID MKNOD SETFCAP SETGID SETUID SYS_CHROOT; do
  options+=(--cap-add "$capability")
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build <folder> <cache>[:ro]
build() {
  mkdir -p "$work/$1/dist" "$work/${2%:ro}"
  git clone --quiet "$repository" "$work/$1/checkout"
  echo "##### $1, cache $2"
  docker run --rm --cap-drop ALL --security-opt no-new-privileges "${options[@]}" --volume "$work/$1/checkout:/workspace:ro" \
    --volume "$work/$1/dist:/dist" --volume "$work/${2%:ro}:/cache${2#"${2%:ro}"}" "$image" build
  (cd "$work/$1/dist" && sha256sum -- *) >"$work/$1.sums"
}

# compare <folder>
compare() {
  diff "$work/one.sums" "$work/$1.sums" || { echo "error: the same commit gave different artifacts" >&2; exit 1; }
}

build one first-cache
if [ -z "$quick" ]; then
  build "two with a longer name" second-cache
  compare "two with a longer name"
fi
build three first-cache:ro
compare three
echo "the same to the last bit:"
cat "$work/one.sums"
