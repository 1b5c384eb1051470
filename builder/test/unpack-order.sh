#!/usr/bin/env bash
# Packages that others pre-depend on are unpacked first, and nothing else changes places. Runs in the builder image:
#   docker run … --entrypoint /opt/builder/test/unpack-order.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=/dev/null
source "$BUILDER/lib/packages.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# deb <name> [<pre-depends>]
deb() {
  mkdir -p "$1/DEBIAN"
  printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: test <test@localhost>\nDescription: test\n' "$1" >"$1/DEBIAN/control"
  [ $# -lt 2 ] || sed -i "s/^Version/Pre-Depends: $2\n&/" "$1/DEBIAN/control"
  dpkg-deb --build "$1" >/dev/null 2>&1
}

# order <what> <expected> <.deb…>
count=0
order() {
  local what=$1 expected=$2 found
  shift 2
  count=$((count + 1))
  found=$(unpack_order "$@" | tr '\n' ' ')
  if [ "$found" = "$expected " ]; then echo "ok $count - $what"; else echo "not ok $count - $what: found $found"; fi
}

deb kernel "linux-base (>= 4.12~)"
deb linux-base
deb either "absent | zlib, other"
deb zlib
deb other
deb plain

order "a pre-dependency with a version comes first" "linux-base.deb kernel.deb plain.deb" kernel.deb linux-base.deb plain.deb
order "each of several, alternatives too" "zlib.deb other.deb either.deb" either.deb zlib.deb other.deb
order "nothing else changes places" "plain.deb zlib.deb other.deb" plain.deb zlib.deb other.deb
