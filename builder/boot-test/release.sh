# A release of this repository: found, downloaded, verified as its users do (steps/image-release.sh).

# releases_of <remote's URL>: the REST API of the repository that it is.
releases_of() {
  local url=$1
  url=${url%/} url=${url%.git}
  if [[ $url =~ ^(https://|ssh://git@|git@)([^@/]*@)?github\.com[:/]([^/]+/[^/]+)$ ]]; then
    printf 'https://api.github.com/repos/%s\n' "${BASH_REMATCH[3]}"
  elif [[ $url =~ ^(https?://)([^@/]*@)?([^/]+)/([^/]+/[^/]+)$ ]]; then
    printf '%s%s/repos/%s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[4]}"
  fi
}

# token_of <remote's URL>: the password in it.
token_of() {
  [[ ! $1 =~ ^https?://[^:@/]*:([^@/]*)@ ]] || printf '%s\n' "${BASH_REMATCH[1]}"
}

# download <url> <file> <what Accept says>. The token goes by a file: arguments are seen by everybody.
download() {
  local message code=0
  message=$(curl --fail --silent --show-error --location --max-time 3600 --config "$WORK/release.curl" \
    --header "Accept: $3" --output "$2" "$1" 2>&1) || code=$?
  [ "$code" -eq 0 ] || fail "RELEASES: found no answer that can be used from $1 (${message#curl: }), expected a release of this repository"
}

verify_release() {
  local folder=$1
  openssl dgst -sha256 -verify "$RELEASE_KEY" -signature "$folder/SHA256SUMS.sig" "$folder/SHA256SUMS" >/dev/null 2>&1 ||
    fail "SHA256SUMS.sig: found a signature that is not of the key $(basename "$RELEASE_KEY"), expected the release's own"
  grep -qE "^[0-9a-f]{64} [ *]$IMAGE\.img\.zst\$" "$folder/SHA256SUMS" ||
    fail "SHA256SUMS: found no $IMAGE.img.zst, expected the board's image"
  (cd "$folder" && sha256sum --check --strict --ignore-missing --quiet SHA256SUMS) ||
    fail "$IMAGE.img.zst: found another SHA-256 than in SHA256SUMS, expected the release's file"
}

# of_tag <tag>: the commit's own board.json, files and specs, which HEAD may have changed since.
of_tag() {
  git_workspace rev-parse --verify --quiet "refs/tags/$1^{commit}" >/dev/null ||
    wrong "RELEASE: found no tag $1 in this clone, expected it: git fetch --tags"
  rm -rf "$WORK/release" && mkdir -p "$WORK/release"
  git_workspace archive "refs/tags/$1" | tar --extract --directory="$WORK/release" --no-same-owner
  SOURCE_DATE_EPOCH=$(git_workspace log -1 --format=%ct "refs/tags/$1^{commit}")
  export SOURCE_DATE_EPOCH
}

fetch_release() {
  local origin token asset
  origin=$(git_workspace config --get remote.origin.url || true)
  RELEASES=${RELEASES:-$(releases_of "$origin")}
  [[ $RELEASES =~ ^https?://[^@[:space:]]+$ ]] ||
    wrong "RELEASES: found ${RELEASES:-nothing, and a remote origin that is no GitHub repository}, expected a URL like https://api.github.com/repos/<owner>/<name>"
  [ -f "$RELEASE_KEY" ] || wrong "RELEASE_KEY: found no file ${RELEASE_KEY#"$WORKSPACE/"}, expected the public key that releases are signed with"
  token=${GITHUB_TOKEN:-$(token_of "$origin")}
  (umask 077 && printf '%s' "${token:+header = \"Authorization: Bearer $token\"}" >"$WORK/release.curl")
  download "$RELEASES/releases/${RELEASE:+tags/}${RELEASE:-latest}" "$WORK/release.json" application/vnd.github+json
  TAG=$(jq -r '.tag_name // empty' "$WORK/release.json" 2>/dev/null || true)
  [[ $TAG =~ ^v[0-9][0-9A-Za-z.+~-]{0,99}$ ]] || fail "RELEASES: found ${TAG:-no tag}, expected a release with a tag like v1.2.3"
  of_tag "$TAG"
  VERSION=${TAG#v}
  WORKSPACE="$WORK/release"
  read_board
  DIST="$DIST/release-$VERSION"
  rm -rf "$DIST" && mkdir -p "$DIST"
  for asset in SHA256SUMS SHA256SUMS.sig "$IMAGE.img.zst"; do download_asset "$asset"; done
}

download_asset() {
  local url
  url=$(jq -r --arg name "$1" '.assets[] | select(.name == $name) | .url' "$WORK/release.json")
  [ -n "$url" ] || fail "release $TAG: found no $1, expected it among its files"
  download "$url" "$DIST/$1" application/octet-stream
}
