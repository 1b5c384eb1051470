# What versions.json pins: fetched once, checked always. The runner, which may reach what a build may not, leaves pinned
# files in /artifacts by their digest.

# pinned_rootfs <architecture>: sets ROOTFS and ROOTFS_SHA256.
pinned_rootfs() {
  pinned_file rootfs "$1" "root filesystem" "a release of the rootfs repository"
  # shellcheck disable=SC2034 # read by image-build.sh
  ROOTFS=$PINNED ROOTFS_SHA256=$PINNED_SHA256
}

# pinned_file <field> <architecture> <what> <where from>: sets PINNED, its path, and PINNED_SHA256.
pinned_file() {
  local field="$1.$2" pin=".$1[\"$2\"]" url found
  url=$(jq -r "$pin.url // empty" "$WORKSPACE/versions.json")
  PINNED_SHA256=$(jq -r "$pin.sha256 // empty" "$WORKSPACE/versions.json")
  [ -n "$url" ] ||
    wrong "versions.json: $field: found nothing, expected url and sha256 of $4"
  for PINNED in "$ARTIFACTS/$PINNED_SHA256" "$CACHE/artifacts/$PINNED_SHA256"; do
    if [ -f "$PINNED" ] && has_digest "$PINNED" "$PINNED_SHA256"; then
      touch --no-create "$PINNED" 2>/dev/null || true
      return 0
    fi
  done
  PINNED="$WORK/pinned-$1"
  case "$url" in
    http://* | https://*)
      retried curl --fail --silent --show-error --location --max-time 600 --max-filesize 4000000000 \
        --proto '=http,https' --output "$PINNED" "$url" ||
        fail "versions.json: $field.url: found $url, which cannot be fetched, expected the pinned $3"
      ;;
    s3://*)
      wrong "versions.json: $field.url: found $url, which no build can reach, expected the file at /artifacts/$PINNED_SHA256 or /cache/artifacts/$PINNED_SHA256: the pipeline's runner fetches it; by hand: aws s3 cp $url \$CACHE/artifacts/$PINNED_SHA256, with CACHE as the Makefile has it"
      ;;
    *) local_file "$field" "$url" ;;
  esac
  found=$(sha256sum "$PINNED" | cut -c1-64)
  [ "$found" = "$PINNED_SHA256" ] ||
    wrong "versions.json: $field.sha256: found a file with $found at $url, expected $PINNED_SHA256"
  cache_put artifacts "$PINNED_SHA256" "$PINNED"
}

has_digest() {
  [ "$(sha256sum "$1" | cut -c1-64)" = "$2" ]
}

# A link could lead to any file of the machine that builds.
local_file() {
  local path
  path=$(realpath --quiet --canonicalize-existing "$WORKSPACE/$2") || path=
  [[ $path == "$(realpath "$WORKSPACE")"/* && -f $path ]] ||
    wrong "versions.json: $1.url: found $2, which is no file of this repository, expected an http(s) URL, an s3:// address or such a file"
  cp "$path" "$PINNED"
}
