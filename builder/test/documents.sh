#!/usr/bin/env bash
# What the builder says of many documents: /documents/<number>/<board|kernel|rootfs|versions>.json, a line for each mistake,
# "<number> <mistake>". Compared with the contracts by tests/builder/documents.test.ts:
#   docker run … --volume <folder>:/documents:ro --entrypoint /opt/builder/test/documents.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C.UTF-8
# shellcheck source=/dev/null
source "$BUILDER/lib/common.sh"
# shellcheck source=/dev/null
source "$BUILDER/lib/input.sh"

for file in /documents/*/*.json; do
  WORKSPACE=${file%/*} PROBLEMS=()
  check_json "$(basename "$file" .json)"
  [ ${#PROBLEMS[@]} -eq 0 ] || printf "${WORKSPACE##*/} %s\n" "${PROBLEMS[@]}" | printable
done
