#!/usr/bin/env bash
# /repository for tests/builder/docker-build.sh: Debian's programs of an architecture in packages as Docker has them, by
# name, version and place, in two versions each of the engine. real.sh <architecture>
set -euo pipefail
# shellcheck source=/dev/null
source /opt/common.sh
architecture=$1 pool=/repository/docker/pool/stable
old=5:26.1.5-1~debian.13~trixie new=5:26.1.5-2~debian.13~trixie
mkdir -p "$pool" /tmp/debian
cd /tmp/debian
dpkg --add-architecture "$architecture"
apt-get -qq update
apt-get -qq -o APT::Sandbox::User=root download {docker.io,docker-cli,docker-compose,containerd,runc}:"$architecture"
for name in docker.io docker-cli docker-compose containerd runc; do
  dpkg-deb --raw-extract "$name"_*.deb "$name"
done

# depends <name> <pattern>: its dependencies but for those.
depends() {
  dpkg-deb --field "$1"_*.deb Depends | sed 's/, */\n/g' | grep -vE "^($2)( |$)" | paste -sd, | sed 's/,/, /g'
}

# control <folder> <name> <version> <depends>
control() {
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: test <test@localhost>\nSection: admin\nPriority: optional\n' "$2" "$3" "$architecture"
  [ -z "$4" ] || printf 'Depends: %s\n' "$4"
  printf 'Description: stands in for that of Docker\n'
} >"$1/DEBIAN/control"

# build <folder> <name> <version> <depends>
build() {
  control "$@"
  rm -f "$1/DEBIAN/md5sums"
  dpkg-deb -Zgzip -z1 --root-owner-group --build "$1" "$pool/$2_${3//:/%3a}_$architecture.deb" >/dev/null
}

mkdir -p docker.io/usr/bin
mv docker.io/usr/sbin/* docker.io/usr/bin/
rmdir docker.io/usr/sbin
sed -i 's|/usr/sbin/dockerd|/usr/bin/dockerd|' docker.io/usr/lib/systemd/system/docker.service
mkdir -p containerd/usr/bin && mv runc/usr/sbin/runc containerd/usr/bin/
engine="containerd.io, docker-ce-cli, $(depends docker.io 'containerd|runc|docker-cli')"
cli=$(depends docker-cli none)
for version in "$old" "$new"; do
  build docker.io docker-ce "$version" "$engine"
  build docker-cli docker-ce-cli "$version" "$cli"
done
build containerd containerd.io 1.7.24-1 "$(depends containerd runc), $(depends runc none)"
build docker-compose docker-compose-plugin 2.26.1-1~debian.13~trixie "$(depends docker-compose 'docker-cli|docker.io')"
key docker
index docker stable "$architecture" Docker docker
