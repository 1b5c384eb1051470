# Debian packages into a tree of another architecture: resolved, downloaded and unpacked natively by the builder's own
# apt and dpkg; only the maintainer scripts run in the tree.

# Where this builder's own packages came from: the base image decides on the mirror, for images too.
mirror_of() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    awk -v suite="$1" '$1 == "deb" && $3 == suite { print $2; exit }
      $1 == "URIs:" { uri = $2 }
      $1 == "Suites:" { for (i = 2; i <= NF; i++) if ($i == suite) { print uri; exit } }'
}

# raspi-firmware and wireless firmware are in non-free-firmware.
COMPONENTS="main non-free-firmware"

apt_sources() {
  local release=$1
  printf 'deb %s %s %s\n' "$(mirror_of "$release")" "$release" "$COMPONENTS"
  printf 'deb %s %s-updates %s\n' "$(mirror_of "$release")" "$release" "$COMPONENTS"
  printf 'deb %s %s-security %s\n' "$(mirror_of "$release-security")" "$release" "$COMPONENTS"
}

# The sources that a build reads: Debian's, or a list that the caller mounts (a mirror of one's own, a folder). The
# image's own sources are Debian's in any case.
build_sources() {
  if [ -n "${HYPRIOTOS_APT_SOURCES:-}" ]; then
    cat "$HYPRIOTOS_APT_SOURCES" || wrong "HYPRIOTOS_APT_SOURCES: found $HYPRIOTOS_APT_SOURCES, expected a sources.list"
  else
    apt_sources "$1"
  fi
}

# tree_apt <tree> <architecture> <apt-get|apt-cache> <arguments…>: the builder's apt on the tree's state.
tree_apt() {
  local tree=$1 architecture=$2 program=$3
  shift 3
  APT_CONFIG="$BUILDER/lib/apt.conf" "$program" -o Dir="$tree" -o Dir::State::status="$tree/var/lib/dpkg/status" \
    -o Dir::Cache::archives="$(package_cache "$architecture")" \
    -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" -o quiet=2 "$@"
}

# Where .deb files are kept between builds; apt checks each against the signed index before it is used.
package_cache() {
  local folder="$CACHE/packages/$1"
  if ! mkdir -p "$folder/partial" 2>/dev/null || ! [ -w "$folder/partial" ]; then
    folder="$WORK/packages/$1"
    mkdir -p "$folder/partial"
  fi
  printf '%s/\n' "$folder"
}

# package_plan <tree> <architecture> <package…>: what an installation would add, change or remove, one a line.
package_plan() {
  local tree=$1 architecture=$2 plan
  shift 2
  if ! plan=$(tree_apt "$tree" "$architecture" apt-get --simulate install "$@" 2>&1); then
    printf '%s\n' "$plan" | grep '^E: ' | head -n 20 | printable >&2
    fail "packages: found a list that cannot be installed together on $architecture, expected one that can: $*"
  fi
  printf '%s\n' "$plan" | sed -nE 's/^(Inst|Remv) ([^ ]+) (\[[^]]*\] )?\(([^ ]+).*/\1 \2 \4/p; s/^Remv ([^ ]+) \[([^]]*)\]$/Remv \1 \2/p' | sort
}

# refuse_removals <where> <plan>: what the shared root filesystem has, an image has.
refuse_removals() {
  local removed
  removed=$(sed -n 's/^Remv \([^ ]*\).*/\1/p' <<<"$2" | paste -sd' ')
  [ -z "$removed" ] || wrong "$1: found packages that would remove $removed, expected packages that install beside what the root filesystem has"
}

# require_packages <tree> <architecture> <where> <package…>: names each package that the archive does not have.
require_packages() {
  local tree=$1 architecture=$2 where=$3 known missing=()
  shift 3
  # Not `pkgnames`, which leaves out what another architecture's package only mentions. It fails where one is missing.
  known=$(tree_apt "$tree" "$architecture" apt-cache show --no-all-versions "$@" 2>/dev/null | sed -n 's/^Package: //p') || true
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$known" ||
      missing+=("$where: found $package, expected a package that Debian has for $architecture")
  done
  [ ${#missing[@]} -eq 0 ] || wrong "${missing[@]}"
}

update_package_lists() {
  [ -z "${HYPRIOTOS_APT_SOURCES:-}" ] || build_sources - >"$1/etc/apt/sources.list"
  quietly apt-update retried tree_apt "$1" "$2" apt-get update
}

# needed_files <tree> <architecture> <package…>: names of the .deb files that an installation takes, and of no others: the
# cache of packages has what other builds took, other versions too.
needed_files() {
  mkdir -p "$WORK/none/partial"
  tree_apt "$1" "$2" apt-get --yes --print-uris -o Dir::Cache::archives="$WORK/none/" install "${@:3}" |
    sed -nE "s/^'[^']*' ([^ ]+) .*/\1/p"
}

# install_packages <tree> <architecture> <package…>
install_packages() {
  local tree=$1 architecture=$2 archives list files
  shift 2
  archives=$(package_cache "$architecture")
  quietly download tree_apt "$tree" "$architecture" apt-get --yes --download-only install "$@"
  list=$(needed_files "$tree" "$architecture" "$@")
  [ -n "$list" ] || return 0
  mapfile -t files <<<"$list"
  unpack_packages "$tree" "${files[@]/#/$archives}"
  configure_packages "$tree" "$architecture"
}

# unpack_order <.deb…>: the same files, those first that another one pre-depends on: its script may call them before it
# is unpacked, as the kernel's calls linux-base.
unpack_order() {
  local file name needed later=()
  needed=$(for file in "$@"; do dpkg-deb --show --showformat="\${Pre-Depends}\n" "$file"; done |
    tr ',|' '\n' | sed -nE 's/^ *([a-z0-9][a-z0-9+.-]+).*/\1/p')
  for file in "$@"; do
    name=$(dpkg-deb --show --showformat="\${Package}" "$file")
    if grep -qxF "$name" <<<"$needed"; then printf '%s\n' "$file"; else later+=("$file"); fi
  done
  [ ${#later[@]} -eq 0 ] || printf '%s\n' "${later[@]}"
}

# unpack_packages <tree> <.deb…>
unpack_packages() {
  local tree=$1 files
  shift
  mapfile -t files < <(unpack_order "$@")
  set -- "${files[@]}"
  # The rest of the order is the business of `configure`: the builder's dpkg takes the tree's packages for foreign ones.
  quietly unpack eatmydata dpkg --root="$tree" --no-triggers --force-depends,architecture,unsafe-io,breaks,conflicts --unpack "$@"
}

# in_tree <tree> <command…>: runs in the tree, with an environment that says nothing of the machine.
in_tree() {
  local tree=$1 lent=()
  shift
  [ ! -d "$tree/.lent/lib" ] || lent=(LD_LIBRARY_PATH=/.lent/lib)
  env -i "${lent[@]}" PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
    DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true DPKG_FORCE=unsafe-io,confdef,confold \
    INITRD=No PYTHONHASHSEED=0 chroot "$tree" "$@"
}

configure_packages() {
  in_prepared_tree configure "$1" "$2" dpkg --configure --pending
}

# in_prepared_tree <log> <tree> <architecture> <command…>: with native tools, and with what scripts need that a tree
# without mounts does not have.
in_prepared_tree() {
  local log=$1 tree=$2 architecture=$3
  shift 3
  lend_devices "$tree"
  stand_in "$tree" /usr/sbin/policy-rc.d 101
  # The real one cannot tell without /proc.
  stand_in "$tree" /usr/bin/ischroot 0
  lend_native_tools "$tree" "$architecture"
  quietly "$log" in_tree "$tree" "$@"
  return_native_tools "$tree" "$architecture"
  stand_out "$tree" /usr/bin/ischroot
  stand_out "$tree" /usr/sbin/policy-rc.d
}

lend_devices() {
  [ ! -e "$1/dev/null" ] || return 0
  mknod -m 666 "$1/dev/null" c 1 3
  mknod -m 666 "$1/dev/zero" c 1 5
  mknod -m 666 "$1/dev/urandom" c 1 9
}

# stand_in <tree> <program> <exit code>: a program that only has that exit code, until stand_out.
stand_in() {
  [ ! -e "$1$2" ] || mv "$1$2" "$1$2.original"
  printf '#!/bin/sh\nexit %d\n' "$3" >"$1$2"
  chmod 755 "$1$2"
}

stand_out() {
  rm -f "$1$2"
  [ ! -e "$1$2.original" ] || mv "$1$2.original" "$1$2"
}

# mark_automatic <tree> <architecture> <package…>: tells apt that nobody asked for any other package than these, so that
# it may remove them when their reason goes.
mark_automatic() {
  local tree=$1 architecture=$2 known
  shift 2
  known=$(sed -n 's/^Package: //p' "$tree/var/lib/apt/extended_states" 2>/dev/null || true)
  # shellcheck disable=SC2016 # dpkg-query's own variables
  dpkg-query --admindir="$tree/var/lib/dpkg" --show --showformat='${Essential} ${Priority} ${Package}\n' |
    sed -nE 's/^no (important|standard|optional|extra) //p' | sort -u |
    grep -vxF -e "$(printf '%s\n' apt "$@" "$known")" |
    sed "s/.*/Package: &\nArchitecture: $architecture\nAuto-Installed: 1\n/" >>"$tree/var/lib/apt/extended_states" || true
}

# package_list <tree>: name, version, architecture, tab-separated and sorted.
package_list() {
  # shellcheck disable=SC2016 # dpkg-query's own variables
  dpkg-query --admindir="$1/var/lib/dpkg" --show --showformat='${Package}\t${Version}\t${Architecture}\n' | sort
}
