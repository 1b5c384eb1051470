#!/usr/bin/env bash
# Docker's packages from Debian and from Docker's own repository: what is pinned is taken, and what cannot be had is
# named. The repositories are small ones on loopback, made by tests/builder/docker-repository/small.sh:
#   docker run … --network none --volume <folder>:/repository:ro --entrypoint /opt/builder/test/docker.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=$(mktemp -d) count=0 failures=0
export BUILDER LC_ALL=C.UTF-8 TZ=UTC WORK="$root/work" CACHE="$root/cache" WORKSPACE="$root/r" DIST="$root/dist"
for file in "$BUILDER"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done
mkdir -p "$WORK" "$WORKSPACE/keys" "$DIST"

exec {server}< <(exec python3 -u -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="/repository")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1])
sys.stderr = open("/dev/null", "w")
server.serve_forever()')
pid=$!
trap 'kill "$pid"; rm -rf "$root"' EXIT
read -r port <&"$server"
url="http://127.0.0.1:$port/docker" keys="http://127.0.0.1:$port/keys"
sha256=$(sha256sum /repository/keys/docker.asc | cut -c1-64) other=$(sha256sum /repository/keys/other.asc | cut -c1-64)
printf 'deb [signed-by=/repository/keys/other.asc] http://127.0.0.1:%s/debian trixie main\n' "$port" >"$root/debian.list"
new=5:28.5.1-1~debian.13~trixie old=5:28.4.0-1~debian.13~trixie

verdict() {
  count=$((count + 1))
  if [ "$1" = yes ]; then echo "ok $count - $2"; else
    echo "not ok $count - $2: $3"
    failures=$((failures + 1))
  fi
}

# repository <docker of rootfs.json, a change of it in jq> <pins of amd64>
repository() {
  jq -n --arg url "$url" --arg key "$keys/docker.asc" --arg sha256 "$sha256" '{ version: 1, release: "trixie", architectures: ["amd64"],
    docker: { source: "docker", $url, channel: "stable", key: { url: $key, $sha256 }, architectures: ["amd64"] } }' |
    jq ".docker |= ($1)" >"$WORKSPACE/rootfs.json"
  jq -n "{ version: 1, docker: { amd64: $2 } }" >"$WORKSPACE/versions.json"
  echo htop >"$WORKSPACE/packages.txt"
  check_repository rootfs
}

# says <what> <last line of what is said> <exit code> <docker> <pins>
says() {
  local said code=0 ok=no
  repository "$4" "$5"
  said=$(check_docker trixie amd64 2>&1) || code=$?
  [ "$code" != "$3" ] || [ "$(tail -n 1 <<<"$said")" != "$2" ] || ok=yes
  verdict "$ok" "$1" "exit code $code, $(tail -c 800 <<<"$said")"
}

# takes <what> <package> <version>, of the repository and pins that were looked at last: what apt would install.
takes() {
  local found plan="$WORK/docker/amd64" selected
  mapfile -t selected < <(docker_selection amd64)
  found=$(tree_apt "$plan" amd64 apt-get --simulate install "${selected[@]}" 2>&1 | sed -nE "s/^Inst ($2) \(([^ ]+).*/\2/p")
  if [ "$found" = "$3" ]; then verdict yes "$1"; else verdict no "$1" "found $found"; fi
}

# good <what> <docker> <pins>
good() {
  local said code=0
  repository "$2" "$3"
  said=$(check_docker trixie amd64 2>&1) || code=$?
  if [ "$code" = 0 ]; then verdict yes "$1"; else verdict no "$1" "exit code $code, $said"; fi
}

good "Docker's own repository" . '{}'
takes "the newest, where nothing is pinned" docker-ce-cli "$new"
good "a version that is pinned" . "{ engine: \"$old\", compose: \"2.39.4-0~debian.13~trixie\", containerd: \"1.7.28-1~debian.13~trixie\" }"
takes "the pinned engine" docker-ce "$old"
takes "the pinned command line" docker-ce-cli "$old"
mkdir -p "$CACHE/packages/amd64" && cp /repository/docker/pool/stable/*.deb "$CACHE/packages/amd64/"
mapfile -t selected < <(docker_selection amd64)
found=$(needed_files "$WORK/docker/amd64" amd64 "${selected[@]}" | sort | paste -sd' ')
expected="containerd.io_1.7.28-1~debian.13~trixie_amd64.deb docker-ce-cli_${old/:/%3a}_amd64.deb docker-ce_${old/:/%3a}_amd64.deb docker-compose-plugin_2.39.4-0~debian.13~trixie_amd64.deb"
if [ "$found" = "$expected" ]; then verdict yes "none of the cache's other versions"; else verdict no "none of the cache's other versions" "$found"; fi
found=$(tree_apt "$WORK/docker/amd64" amd64 apt-cache policy libc6 | sed -n 's/^ *Candidate: //p')
if [ "$found" = "(none)" ]; then verdict yes "none of Debian's packages from there"; else verdict no "none of Debian's packages from there" "found $found"; fi
found=$(docker_record amd64 | jq -c .)
expected="{\"source\":\"docker\",\"url\":\"$url\",\"packages\":{\"docker-ce\":\"$old\",\"docker-ce-cli\":\"$old\",\"docker-compose-plugin\":\"2.39.4-0~debian.13~trixie\",\"containerd.io\":\"1.7.28-1~debian.13~trixie\"}}"
if [ "$found" = "$expected" ]; then verdict yes "what is written down"; else verdict no "what is written down" "$found"; fi
cp /repository/keys/docker.asc "$WORKSPACE/keys/"
good "a key in the repository" '.key.url = "keys/docker.asc"' '{}'

at="docker-ce and docker-ce-cli that $url has for amd64: $new, $old"
says "an engine that is not there" "error: versions.json: docker.amd64.engine: found 5:1.0-1, expected a version of $at" 2 . '{ engine: "5:1.0-1" }'
says "an engine without its command line" "error: versions.json: docker.amd64.engine: found 5:28.6.0-1~debian.13~trixie, expected a version of $at" 2 . '{ engine: "5:28.6.0-1~debian.13~trixie" }'
says "a version without its epoch" "error: versions.json: docker.amd64.engine: found ${new#5:}, expected a version of $at" 2 . "{ engine: \"${new#5:}\" }"
says "several at once: the last" "error: versions.json: docker.amd64.containerd: found 1, expected a version of containerd.io that $url has for amd64: 1.7.28-1~debian.13~trixie" 2 . '{ engine: "1", compose: "1", containerd: "1" }'
repository . '{ engine: "1", compose: "1", containerd: "1" }'
said=$(check_docker trixie amd64 2>&1) || true
found=$(grep -c '^error: versions.json: docker.amd64.' <<<"$said")
if [ "$found" = 3 ]; then verdict yes "several at once: all"; else verdict no "several at once: all" "found $found"; fi
says "another key" "error: rootfs.json: docker.key: found a repository at $url that this key did not sign, expected the repository's own key" 2 ".key = { url: \"$keys/other.asc\", sha256: \"$other\" }" '{}'
says "a key that was changed" "error: rootfs.json: docker.key.sha256: found a file with $other at $keys/other.asc, expected $sha256" 2 ".key.url = \"$keys/other.asc\"" '{}'
says "a key that is none" "error: rootfs.json: docker.key.url: found a file that is no ASCII-armoured public key at packages.txt, expected one" 2 ".key = { url: \"packages.txt\", sha256: \"$(echo htop | sha256sum | cut -c1-64)\" }" '{}'
no_file="which is no file of this repository of at most 65536 bytes, expected an http(s) URL or such a file"
ln -s /repository/keys/docker.asc "$WORKSPACE/keys/link.asc"
says "a key by a link out of the repository" "error: rootfs.json: docker.key.url: found keys/link.asc, $no_file" 2 '.key.url = "keys/link.asc"' '{}'
says "a key that is not there" "error: rootfs.json: docker.key.url: found $keys/none.asc, which cannot be fetched, expected the repository's key" 1 ".key.url = \"$keys/none.asc\"" '{}'
says "a repository that is not there" "error: rootfs.json: docker.url: found http://127.0.0.1:$port/none, which cannot be read, expected a Debian repository with the suite trixie" 1 ".url = \"http://127.0.0.1:$port/none\"" '{}'
says "a channel that is not there" "error: rootfs.json: docker: found no containerd.io for amd64 at $url, expected a repository that has them" 2 '.channel = "test"' '{}'

export HYPRIOTOS_APT_SOURCES="$root/debian.list"
says "Debian's mirror as Docker's" "error: rootfs.json: docker.url: found 127.0.0.1, where Debian's packages come from too, expected a host of its own" 2 . '{}'
good "Debian's version that is pinned" '{ source: "debian" }' '{ engine: "26.1.5+dfsg1-9" }'
takes "Debian's pinned engine" docker.io 26.1.5+dfsg1-9
takes "the newest of what is not pinned" docker-compose 2.26.1-4
says "Debian's version that is not there" "error: versions.json: docker.amd64.engine: found 26.1.4, expected a version of docker.io and docker-cli that Debian has for amd64: 26.1.5+dfsg1-9+b7, 26.1.5+dfsg1-9" 2 '{ source: "debian" }' '{ engine: "26.1.4" }'
rm -rf "$WORK/docker"
good "Debian without a pin" '{ source: "debian" }' '{}'
if [ -e "$WORK/docker" ]; then verdict no "no list is fetched where there is nothing to look for" "$WORK/docker"; else verdict yes "no list is fetched where there is nothing to look for"; fi

echo "1..$count"
[ "$failures" -eq 0 ] || { echo "error: $failures of $count" >&2; exit 1; }
