#!/usr/bin/env bash
# /repository for builder/test/docker.sh: packages with names and versions and nothing in them. Docker's stand-in also has
# a libc6 that nobody must get from there, and its newest docker-ce lacks its docker-ce-cli.
set -euo pipefail
# shellcheck source=/dev/null
source /opt/common.sh

# deb <repository> <component> <name> <version>
deb() {
  local folder=/tmp/deb pool="/repository/$1/pool/$2"
  rm -rf "$folder" && mkdir -p "$folder/DEBIAN" "$pool"
  printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: test <test@localhost>\nDescription: test\n' "$3" "$4" >"$folder/DEBIAN/control"
  dpkg-deb --build "$folder" "$pool/$3_${4//:/%3a}_amd64.deb" >/dev/null
}

key docker
key other
for version in 5:28.4.0-1~debian.13~trixie 5:28.5.1-1~debian.13~trixie; do
  deb docker stable docker-ce "$version"
  deb docker stable docker-ce-cli "$version"
done
deb docker stable docker-ce 5:28.6.0-1~debian.13~trixie
deb docker stable containerd.io 1.7.28-1~debian.13~trixie
deb docker stable docker-compose-plugin 2.39.4-0~debian.13~trixie
deb docker stable libc6 99:1
index docker stable amd64 Docker docker

deb debian main docker.io 26.1.5+dfsg1-9
deb debian main docker-cli 26.1.5+dfsg1-9
deb debian main docker.io 26.1.5+dfsg1-9+b7
deb debian main docker-cli 26.1.5+dfsg1-9+b7
deb debian main docker-compose 2.26.1-4
deb debian main containerd 1.7.24~ds1-6+b4
index debian main amd64 Debian other
