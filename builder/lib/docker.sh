# Which Docker a root filesystem has: Debian's, or Docker's own packages (docker in rootfs.json), in the versions that
# the rootfs repository's versions.json pins. What is not pinned is the newest that the archive has.

# What a root filesystem itself says of that; the suite compares it with what is installed, in images too.
DOCKER_RECORD=usr/lib/hypriotos/docker.json
# More than a key has.
KEY_MAX_BYTES=65536

# rootfs_docker <field>: of docker in rootfs.json.
rootfs_docker() {
  jq -r ".docker$1 // empty" "$WORKSPACE/rootfs.json"
}

# docker_source <architecture>: debian or docker.
docker_source() {
  jq -r --arg architecture "$1" '.docker | if .source == "docker" and (.architectures | index($architecture)) then "docker" else "debian" end' \
    "$WORKSPACE/rootfs.json"
}

# docker_packages <source>: "<field of versions.json> <package>", one a line.
docker_packages() {
  case "$1" in
    debian) printf '%s\n' "engine docker.io" "engine docker-cli" "compose docker-compose" "containerd containerd" ;;
    docker) printf '%s\n' "engine docker-ce" "engine docker-ce-cli" "compose docker-compose-plugin" "containerd containerd.io" ;;
  esac
}

# docker_pin <architecture> <field>: the version, nothing where there is none.
docker_pin() {
  [ -e "$WORKSPACE/versions.json" ] || return 0
  jq -r --arg architecture "$1" --arg field "$2" '.docker[$architecture][$field] // empty' "$WORKSPACE/versions.json"
}

# docker_selection <architecture>: as apt takes them, "<package>" or "<package>=<version>", one a line.
docker_selection() {
  local field package version
  while read -r field package; do
    version=$(docker_pin "$1" "$field")
    printf '%s\n' "$package${version:+=$version}"
  done < <(docker_packages "$(docker_source "$1")")
}

# docker_record <architecture>: DOCKER_RECORD's text, each package with its pin or null.
docker_record() {
  local source
  source=$(docker_source "$1")
  docker_selection "$1" | jq -R 'capture("^(?<key>[^=]+)(=(?<value>.+))?$")' |
    jq -s --arg source "$source" --arg url "$([ "$source" = debian ] || rootfs_docker .url)" \
      '{source: $source} + if $url == "" then {} else {url: $url} end + {packages: from_entries}'
}

# check_docker_documents: what rootfs.json, versions.json and packages.txt say of it together.
check_docker_documents() {
  local architecture line package
  [ ${#PROBLEMS[@]} -eq 0 ] || return 0
  if [ -e "$WORKSPACE/versions.json" ]; then
    while read -r architecture; do
      problem "versions.json: docker.$architecture: found pins, expected only architectures that rootfs.json has: $(jq -r '.architectures | join(", ")' "$WORKSPACE/rootfs.json")"
    done < <(jq -r --slurpfile rootfs "$WORKSPACE/rootfs.json" '.docker | keys - $rootfs[0].architectures | .[]' "$WORKSPACE/versions.json")
  fi
  [ "$(rootfs_docker .source)" = docker ] || return 0
  while read -r package; do
    line=$(sed -E 's/#.*//; s/[[:space:]]//g' "$WORKSPACE/packages.txt" | grep -nxF "$package" | cut -d: -f1 || true)
    [ -z "$line" ] ||
      problem "packages.txt: line $line: found $package, expected no package of Debian's Docker: rootfs.json says which Docker there is"
  done < <(printf '%s\n' containerd docker-buildx docker-cli docker-compose docker.io runc)
}

# fetch_docker_key: $DOCKER_WORK/key.asc, by its digest.
fetch_docker_key() {
  local url sha256 found key="$DOCKER_WORK/key.asc" path
  [ ! -e "$key" ] || return 0
  mkdir -p "$DOCKER_WORK"
  url=$(rootfs_docker .key.url) sha256=$(rootfs_docker .key.sha256)
  case "$url" in
    http://* | https://*)
      retried curl --fail --silent --show-error --location --max-time 60 --max-filesize $KEY_MAX_BYTES --proto '=http,https' \
        --output "$key.part" "$url" || fail "rootfs.json: docker.key.url: found $url, which cannot be fetched, expected the repository's key"
      ;;
    *)
      path=$(realpath --quiet --canonicalize-existing "$WORKSPACE/$url") || path=
      [[ $path == "$(realpath "$WORKSPACE")"/* && -f $path && $(stat -c %s "$path") -le $KEY_MAX_BYTES ]] ||
        wrong "rootfs.json: docker.key.url: found $url, which is no file of this repository of at most $KEY_MAX_BYTES bytes, expected an http(s) URL or such a file"
      cp "$path" "$key.part"
      ;;
  esac
  found=$(sha256sum "$key.part" | cut -c1-64)
  [ "$found" = "$sha256" ] || wrong "rootfs.json: docker.key.sha256: found a file with $found at $url, expected $sha256"
  # It becomes a field of apt's sources, where it must be plain lines.
  if [ "$(head -n 1 "$key.part")" != "-----BEGIN PGP PUBLIC KEY BLOCK-----" ] || LC_ALL=C grep -q '[^ -~]' "$key.part"; then
    wrong "rootfs.json: docker.key.url: found a file that is no ASCII-armoured public key at $url, expected one"
  fi
  mv "$key.part" "$key"
}

# docker_sources <release> <architecture>: as /etc/apt/sources.list.d/docker.sources has it.
docker_sources() {
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\nArchitectures: %s\nSigned-By:\n' \
    "$(rootfs_docker .url)" "$1" "$(rootfs_docker .channel)" "$2"
  sed 's/^$/./; s/^/ /' "$DOCKER_WORK/key.asc"
}

docker_host() {
  rootfs_docker .url | sed -E 's|^https?://([^/:]+).*|\1|'
}

# As /etc/apt/preferences.d/docker has it: whoever has the repository's key replaces Docker's packages and no others.
docker_preferences() {
  local host
  host=$(docker_host)
  cat <<PREFERENCES
Package: *
Pin: origin "$host"
Pin-Priority: -1

Package: containerd.io docker-buildx-plugin docker-ce docker-ce-cli docker-ce-rootless-extras docker-compose-plugin
Pin: origin "$host"
Pin-Priority: 500
PREFERENCES
}

# docker_apt <tree> <release> <architecture>: apt's sources and preferences for Docker's packages; none for Debian's.
docker_apt() {
  [ "$(docker_source "$3")" = docker ] || return 0
  mkdir -p "$1/etc/apt/sources.list.d" "$1/etc/apt/preferences.d"
  docker_sources "$2" "$3" >"$1/etc/apt/sources.list.d/docker.sources"
  docker_preferences >"$1/etc/apt/preferences.d/docker"
}

# docker_package_lists <tree> <architecture>: those that check_docker fetched, so that apt need not again.
docker_package_lists() {
  [ -d "$DOCKER_WORK/$2/var/lib/apt/lists" ] || return 0
  mkdir -p "$1/var/lib/apt"
  cp -a "$DOCKER_WORK/$2/var/lib/apt/lists" "$1/var/lib/apt/"
}

# write_docker_record <tree> <architecture>
write_docker_record() {
  mkdir -p "$1/${DOCKER_RECORD%/*}"
  docker_record "$2" >"$1/$DOCKER_RECORD"
}

# check_docker <release> <architecture…>: names each pin that the archive does not have, before anything is built.
check_docker() {
  local release=$1 architecture
  shift
  # All architectures' builds, each of which has a WORK of its own, read what lies here.
  DOCKER_WORK="$WORK/docker" PROBLEMS=()
  rm -rf "$DOCKER_WORK"
  check_docker_host "$release"
  report_problems
  for architecture in "$@"; do
    # Debian has its own packages: without a pin there is nothing to look for.
    if [ "$(docker_source "$architecture")" = docker ] || [[ $(docker_selection "$architecture") == *=* ]]; then
      phase "$architecture: Docker's versions"
      check_docker_versions "$release" "$architecture"
    fi
  done
  phase
  report_problems
}

# apt tells sources apart by their host.
check_docker_host() {
  local host sources
  host=$(docker_host) sources=$(build_sources "$1")
  [ -n "$host" ] || return 0
  [[ ! $sources =~ https?://"$host"[:/] ]] ||
    problem "rootfs.json: docker.url: found $host, where Debian's packages come from too, expected a host of its own"
}

# check_docker_versions <release> <architecture>
check_docker_versions() {
  local release=$1 architecture=$2 plan="$DOCKER_WORK/$2" source where field pin packages offered
  source=$(docker_source "$architecture")
  [ "$source" = debian ] || fetch_docker_key
  docker_lists "$plan" "$release" "$architecture" "$source"
  where=Debian
  [ "$source" = debian ] || where=$(rootfs_docker .url)
  while read -r field; do
    packages=$(docker_packages "$source" | sed -n "s/^$field //p")
    offered=$(offered_versions "$plan" "$architecture" "$packages")
    pin=$(docker_pin "$architecture" "$field")
    if [ -z "$offered" ]; then
      problem "rootfs.json: docker: found no ${packages//$'\n'/ and } for $architecture at $where, expected a repository that has them"
    elif [ -n "$pin" ] && ! grep -qxF -- "$pin" <<<"$offered"; then
      problem "versions.json: docker.$architecture.$field: found $pin, expected a version of ${packages//$'\n'/ and } that $where has for $architecture: $(head -n 20 <<<"$offered" | paste -sd, | sed 's/,/, /g')"
    fi
  done < <(docker_packages "$source" | cut -d' ' -f1 | uniq)
}

# docker_lists <tree> <release> <architecture> <source>: package lists of one source, in a tree with nothing else.
docker_lists() {
  local plan=$1 code=0 url
  url=$(rootfs_docker .url)
  rm -rf "$plan"
  mkdir -p "$plan"/etc/apt/{apt.conf.d,preferences.d,sources.list.d} "$plan/var/lib/apt/lists/partial" "$plan/var/lib/dpkg" "$plan/var/cache/apt"
  : >"$plan/var/lib/dpkg/status"
  if [ "$4" = debian ]; then
    cp -a /etc/apt/trusted.gpg.d "$plan/etc/apt/"
    build_sources "$2" >"$plan/etc/apt/sources.list"
    quietly "docker-update" retried tree_apt "$plan" "$3" apt-get -o APT::Update::Error-Mode=any update
    return 0
  fi
  docker_apt "$plan" "$2" "$3"
  mkdir -p "$WORK/log"
  retried tree_apt "$plan" "$3" apt-get -o APT::Update::Error-Mode=any update >"$WORK/log/docker-update.log" 2>&1 </dev/null || code=$?
  [ "$code" -eq 0 ] && return 0
  tail -n 20 "$WORK/log/docker-update.log" | cut -c1-400 | printable >&2
  ! grep -qE 'OpenPGP signature verification failed|is not signed|NO_PUBKEY' "$WORK/log/docker-update.log" ||
    wrong "rootfs.json: docker.key: found a repository at $url that this key did not sign, expected the repository's own key"
  fail "rootfs.json: docker.url: found $url, which cannot be read, expected a Debian repository with the suite $2"
}

# offered_versions <tree> <architecture> <packages>: versions that all of the packages are offered in, newest first.
offered_versions() {
  local package versions all=
  while read -r package; do
    versions=$(tree_apt "$1" "$2" apt-cache madison "$package" | awk -F'|' '{ gsub(/ /, "", $2); if (!seen[$2]++) print $2 }')
    if [ -z "$all" ]; then all=$versions; else all=$(grep -xF -e "$versions" <<<"$all" || true); fi
    [ -n "$all" ] || return 0
  done <<<"$3"
  printf '%s\n' "$all"
}
