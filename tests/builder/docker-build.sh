#!/usr/bin/env bash
# Builds a root filesystem with Docker's packages from a repository of their own, and tests it: a stand-in on loopback with
# Debian's programs in packages as Docker has them (docker-repository/real.sh), signed by a key that is made here. Takes
# some minutes and Debian's mirror.
#   docker-build.sh <builder image> <architecture> [<base image>]
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: ${0##*/} <builder image> <architecture> [<base image>]" >&2; exit 2; }
builder=$1 architecture=$2 base=${3:-debian:trixie-slim}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{repository,workspace,dist,cache}
version=5:26.1.5-1~debian.13~trixie

signer=$(docker build --quiet --build-arg "BASE=$base" "$here/docker-repository")
docker run --rm --volume "$work/repository:/repository" "$signer" bash /opt/real.sh "$architecture"

cp -r "$here/../../repositories/rootfs/." "$work/workspace/"
cat >"$work/workspace/rootfs.json" <<JSON
{ "version": 1, "release": "trixie", "architectures": ["$architecture"],
  "docker": { "source": "docker", "url": "http://127.0.0.1:8000/docker", "channel": "stable", "architectures": ["$architecture"],
    "key": { "url": "http://127.0.0.1:8000/keys/docker.asc", "sha256": "$(sha256sum "$work/repository/keys/docker.asc" | cut -c1-64)" } } }
JSON
printf '{ "version": 1, "docker": { "%s": { "engine": "%s" } } }\n' "$architecture" "$version" >"$work/workspace/versions.json"

options=(--cap-drop ALL --security-opt no-new-privileges)
for capability in CHOWN DAC_OVERRIDE FOWNER FSETID MKNOD SETFCAP SETGID SETUID SYS_CHROOT; do
  options+=(--cap-add "$capability")
done
# run <docker run option…> -- <shell command>
run() {
  local own=()
  while [ "$1" != -- ]; do own+=("$1"); shift; done
  docker run --rm "${options[@]}" "${own[@]}" --env HYPRIOTOS_VERSION=1.0.0 --env SOURCE_DATE_EPOCH=1700000000 \
    --volume "$work/workspace:/workspace:ro" --volume "$work/dist:/dist" --volume "$work/cache:/cache" \
    --volume "$work/repository:/repository:ro" --entrypoint bash "$builder" -euc "$2"
}
run -- 'python3 -m http.server --directory /repository --bind 127.0.0.1 8000 >/dev/null 2>&1 &
  until curl --silent --fail --output /dev/null http://127.0.0.1:8000/keys/docker.asc; do kill -0 $!; done
  /opt/builder/builder build'
run --network none -- '/opt/builder/builder test'
grep -E '^(docker-ce|docker-ce-cli|docker-compose-plugin|containerd\.io|docker\.io|docker-cli)\b' "$work/dist/rootfs-$architecture-1.0.0.packages"
[ "$(awk -F'\t' '$1 == "docker-ce" { print $2 }' "$work/dist/rootfs-$architecture-1.0.0.packages")" = "$version" ] ||
  { echo "error: docker-ce is not in the version that is pinned, $version" >&2; exit 1; }
