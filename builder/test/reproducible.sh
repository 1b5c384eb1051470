#!/usr/bin/env bash
# Builds a repository's HEAD twice, in different folders, at different times, each with an empty cache or, with
# --warm <cache>, the second time with that one, and compares every artifact.
#   reproducible.sh [--warm <cache folder>] <builder image> <repository> [<docker run option>…]
set -euo pipefail

warm=
if [ "${1:-}" = --warm ]; then
  warm=$(realpath "$2")
  shift 2
fi
[ $# -ge 2 ] || { echo "usage: ${0##*/} [--warm <cache folder>] <builder image> <repository> [<docker run option>…]" >&2; exit 2; }
image=$1 repository=$(realpath "$2")
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build <folder> <cache> [<docker run option>…]
build() {
  local folder=$1 cache=$2
  shift 2
  mkdir -p "$folder/dist" "$cache"
  git clone --quiet "$repository" "$folder/checkout"
  docker run --rm "$@" --volume "$folder/checkout:/workspace:ro" --volume "$folder/dist:/dist" \
    --volume "$cache:/cache" "$image" build
}

build "$work/one" "$work/one/cache" "$@"
# Times that leak into an artifact differ by then.
sleep 2
build "$work/second-folder/with a longer name" "${warm:-$work/two}" "$@"

cd "$work/one/dist"
sha256sum -- * >"$work/one.sums"
cd "$work/second-folder/with a longer name/dist"
sha256sum -- * >"$work/two.sums"
if ! diff "$work/one.sums" "$work/two.sums"; then
  echo "error: the same commit gave different artifacts" >&2
  exit 1
fi
echo "the same to the last bit:"
cat "$work/one.sums"
