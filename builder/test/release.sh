#!/usr/bin/env bash
# Downloads and verifies releases that are right and wrong, from a server on loopback: each wrong one gets one sentence.
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BUILDER LC_ALL=C.UTF-8 TZ=UTC
for file in "$BUILDER"/lib/*.sh "$BUILDER/boot-test/release.sh"; do
  # shellcheck source=/dev/null
  source "$file"
done
root=$(mktemp -d) count=0 failures=0
export WORK="$root/work" DIST="$root/dist" WORKSPACE="$root/repository"
mkdir -p "$WORK" "$DIST" "$WORKSPACE" "$root/site/repos/a/b/releases/tags" "$root/site/assets"
site="$root/site" image=hypriotos-some-board-1.0.0.img.zst

cat >"$root/server.py" <<'SERVER'
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1])
sys.stderr = open("/dev/null", "w")
server.serve_forever()
SERVER
exec {server}< <(exec python3 -u "$root/server.py" "$site")
pid=$!
trap 'kill "$pid"' EXIT
read -r port <&"$server"

cat >"$WORKSPACE/board.json" <<'JSON'
{ "version": 1, "name": "some-board", "title": "Some Board", "architecture": "arm64",
  "kernel": { "package": "linux-image-arm64" }, "boot": { "method": "raspi-firmware" } }
JSON
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$root/key.pem"
openssl pkey -in "$root/key.pem" -pubout -out "$WORKSPACE/release-key.pem"
git -C "$WORKSPACE" init --quiet --initial-branch main
git -C "$WORKSPACE" add .
git -C "$WORKSPACE" -c user.name=a -c user.email=a@example.org commit --quiet --message first
git -C "$WORKSPACE" tag v1.0.0
git -C "$WORKSPACE" remote add origin "http://x:secret@127.0.0.1:$port/a/b.git"

# publish: a release that is right.
publish() {
  local names=(SHA256SUMS SHA256SUMS.sig "$image")
  rm -f "$site"/assets/*
  echo image >"$site/assets/$image"
  (cd "$site/assets" && sha256sum "$image" >SHA256SUMS)
  echo "$(printf 'a%.0s' {1..64})  another-file" >>"$site/assets/SHA256SUMS"
  sign
  printf '%s\n' "${names[@]}" | jq -R --arg base "http://127.0.0.1:$port/assets" '{ name: ., url: "\($base)/\(.)" }' |
    jq -s '{ tag_name: "v1.0.0", assets: . }' >"$site/repos/a/b/releases/latest"
  cp "$site/repos/a/b/releases/latest" "$site/repos/a/b/releases/tags/v1.0.0"
}

sign() {
  openssl dgst -sha256 -sign "${1:-$root/key.pem}" -out "$site/assets/SHA256SUMS.sig" "$site/assets/SHA256SUMS"
}

# says <what> <expected end of what is said> [<variable=value…>]
says() {
  local what=$1 expected=$2 said
  shift 2
  count=$((count + 1))
  said=$(
    export RELEASE_KEY="$WORKSPACE/release-key.pem" RELEASE="" RELEASES=""
    for setting in "$@"; do export "${setting?}"; done
    # shellcheck disable=SC2153 # fetch_release sets it
    { fetch_release && verify_release "$DIST" && echo "verified $IMAGE"; } 2>&1
  ) || true
  if [[ $said == *"$expected" ]]; then echo "ok $count - $what"; else
    failures=$((failures + 1))
    printf 'not ok %d - %s: said %s\n' "$count" "$what" "$said"
  fi
}

publish
says "the latest release" "verified hypriotos-some-board-1.0.0"
says "a release by its tag" "verified hypriotos-some-board-1.0.0" RELEASE=v1.0.0
says "a release that is not there" "expected a release of this repository" RELEASE=v2.0.0
says "another repository" "expected a release of this repository" "RELEASES=http://127.0.0.1:$port/repos/a/c"
says "an address that is none" "expected a URL like https://api.github.com/repos/<owner>/<name>" RELEASES=nowhere
says "a server that is not there" "expected a release of this repository" RELEASES=http://127.0.0.1:1/repos/a/b
says "no key" "expected the public key that releases are signed with" "RELEASE_KEY=$root/none.pem"
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$root/other.pem"
sign "$root/other.pem"
says "another key's signature" "expected the release's own"
publish
echo more >>"$site/assets/SHA256SUMS"
says "a checksum file that was changed" "expected the release's own"
publish
echo more >>"$site/assets/$image"
says "an image that was changed" "expected the release's file"
publish
sed -i '1d' "$site/assets/SHA256SUMS" && sign
says "checksums without the image" "expected the board's image"
publish
jq 'del(.assets[2])' "$site/repos/a/b/releases/latest" >"$root/less" && mv "$root/less" "$site/repos/a/b/releases/latest"
says "a release without the image" "expected it among its files"
publish
git -C "$WORKSPACE" tag --delete v1.0.0 >/dev/null
says "a clone without the tag" "expected it: git fetch --tags"

for url in https://github.com/a/b https://github.com/a/b.git git@github.com:a/b.git ssh://git@github.com/a/b.git https://t:x@github.com/a/b; do
  count=$((count + 1))
  if [ "$(releases_of "$url")" = https://api.github.com/repos/a/b ]; then echo "ok $count - $url"; else
    failures=$((failures + 1))
    echo "not ok $count - $url: $(releases_of "$url")"
  fi
done
echo "1..$count"
[ "$failures" -eq 0 ] || exit 1
