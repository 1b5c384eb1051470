# The root filesystem that versions.json pins: fetched once, checked always. The runner, which may reach what a build may
# not, leaves pinned files in /artifacts by their digest.

# pinned_rootfs <architecture>: sets ROOTFS and ROOTFS_SHA256.
pinned_rootfs() {
  local pin=".rootfs[\"$1\"]" url found
  url=$(jq -r "$pin.url // empty" "$WORKSPACE/versions.json")
  ROOTFS_SHA256=$(jq -r "$pin.sha256 // empty" "$WORKSPACE/versions.json")
  [ -n "$url" ] ||
    wrong "versions.json: rootfs.$1: found nothing, expected url and sha256 of a release of the rootfs repository"
  for ROOTFS in "$ARTIFACTS/$ROOTFS_SHA256" "$CACHE/artifacts/$ROOTFS_SHA256"; do
    if [ -f "$ROOTFS" ] && has_digest "$ROOTFS" "$ROOTFS_SHA256"; then
      touch --no-create "$ROOTFS" 2>/dev/null || true
      return 0
    fi
  done
  ROOTFS="$WORK/rootfs.tar.zst"
  case "$url" in
    http://* | https://*)
      retried curl --fail --silent --show-error --location --max-time 600 --max-filesize 4000000000 \
        --proto '=http,https' --output "$ROOTFS" "$url" ||
        fail "versions.json: rootfs.$1.url: found $url, which cannot be fetched, expected the pinned root filesystem"
      ;;
    s3://*)
      wrong "versions.json: rootfs.$1.url: found $url, which no build can reach, expected the file at /artifacts/$ROOTFS_SHA256 or /cache/artifacts/$ROOTFS_SHA256: the pipeline's runner fetches it; by hand: aws s3 cp $url \$CACHE/artifacts/$ROOTFS_SHA256, with CACHE as the Makefile has it"
      ;;
    *) local_rootfs "$1" "$url" ;;
  esac
  found=$(sha256sum "$ROOTFS" | cut -c1-64)
  [ "$found" = "$ROOTFS_SHA256" ] ||
    wrong "versions.json: rootfs.$1.sha256: found a file with $found at $url, expected $ROOTFS_SHA256"
  cache_put artifacts "$ROOTFS_SHA256" "$ROOTFS"
}

has_digest() {
  [ "$(sha256sum "$1" | cut -c1-64)" = "$2" ]
}

# A link could lead to any file of the machine that builds.
local_rootfs() {
  local path
  path=$(realpath --quiet --canonicalize-existing "$WORKSPACE/$2") || path=
  [[ $path == "$(realpath "$WORKSPACE")"/* && -f $path ]] ||
    wrong "versions.json: rootfs.$1.url: found $2, which is no file of this repository, expected an http(s) URL, an s3:// address or such a file"
  cp "$path" "$ROOTFS"
}
