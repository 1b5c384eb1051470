#!/usr/bin/env bash
# The template's config/docker.config comes true on what a kernel's config may begin with, and then has all that Docker's
# own check-config.sh calls necessary; a fragment that cannot come true is named. Nothing is compiled but kconfig. Runs in
# the builder image, with Debian's mirror:
#   docker run … --volume <repositories/kernel/config>:/config:ro --entrypoint /opt/builder/test/kernel-config.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
export BUILDER WORK=/build CACHE=${CACHE:-/cache} DIST="$work" WORKSPACE="$work/repository" LC_ALL=C.UTF-8 TZ=UTC
export SOURCE_DATE_EPOCH=1700000000 VERSION=1.0.0 HYPRIOTOS_VERSION=1.0.0
mkdir -p "$WORK" "$WORKSPACE/config"
# shellcheck source=/dev/null
for file in "$BUILDER"/lib/*.sh; do source "$file"; done
cp /config/docker.config "$WORKSPACE/config/"
count=0 failures=0

# check <what> <command…>
check() {
  count=$((count + 1))
  if "${@:2}"; then echo "ok $count - $1"; else
    echo "not ok $count - $1"
    failures=$((failures + 1))
  fi
}

document() {
  printf '{"version":1,"name":"test","release":"trixie","source":"linux-source-6.12","configs":{"arm64":%s}}' "$1" >"$WORKSPACE/kernel.json"
  read_kernel
}

necessary() {
  mkdir -p "$work/tree/boot"
  cp "$WORK/linux/.config" "$work/tree/boot/config-6.12.0"
  docker_check_config "$work/tree" "$work/said"
  ruby -I "$BUILDER/spec" -r support/check_config -e 'abort if (all = CheckConfig.new(File.read(ARGV[0])).necessary).length < 25 || all.any? { |option| !option.present }' "$work/said"
}

document '{"from":"source","target":"tinyconfig"}'
use_ccache
install_compilers
fetch_source
unpack_source
for base in '{"from":"source","target":"tinyconfig"}' '{"from":"source","target":"defconfig"}' '{"from":"debian","flavour":"arm64"}'; do
  document "$base"
  # In a shell of its own, which a mistake ends.
  (make_config arm64) >"$work/output" 2>&1 && code=0 || code=$?
  check "docker.config comes true on $base" test "$code" = 0
  cat "$work/output"
  check "with all that Docker needs" necessary
done
printf 'CONFIG_NO_SUCH_OPTION=y\nCONFIG_X86=y\n# CONFIG_NET is not set\n' >"$WORKSPACE/config/own.config"
sed -i '/^CONFIG_NET=y/d' "$WORKSPACE/config/docker.config"
(make_config arm64) >"$work/output" 2>&1 && code=0 || code=$?
check "what cannot come true is the repository's mistake" test "$code" = 2
check "an option that there is not is named" grep -qxF "error: config/own.config: line 1: CONFIG_NO_SUCH_OPTION: found no such option in linux-source-6.12 $SOURCE_VERSION, expected y" "$work/output"
check "an option that lost its dependency is named" grep -qE '^error: config/docker.config: line [0-9]+: CONFIG_VETH: found n in the config for arm64, expected m$' "$work/output"
document '{"from":"debian","flavour":"x"}'
(make_config arm64) >"$work/output" 2>&1 && code=0 || code=$?
check "an unknown flavour is named with those that there are" grep -qE '^error: kernel.json: configs.arm64.flavour: found x, expected one of .*arm64' "$work/output"
rm -rf "$work"
echo "1..$count"
[ "$failures" -eq 0 ]
