#!/usr/bin/env bash
# Breaks an image in many ways, boots it, and sees that the examples which are there for that fail, and no others. Runs
# in the builder image, after `build`, on the same /workspace and /dist, and takes as long as three boots:
#   docker run … --entrypoint /opt/builder/test/break-boot.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BUILDER WORKSPACE=/workspace DIST=/dist CACHE=/cache WORK=/build LC_ALL=C.UTF-8 TZ=UTC
for file in "$BUILDER"/lib/*.sh "$BUILDER/boot-test/card.sh"; do
  # shellcheck source=/dev/null
  source "$file"
done
read_identity
read_board
broken="$WORK/broken" disk="$WORK/broken.img" failures=0 count=0
mkdir -p "$WORK"
# What the `builder` that boots it must agree in.
export HYPRIOTOS_VERSION=$VERSION

whole_image() {
  rm -rf "$broken" && mkdir -p "$broken"
  : >"$WORK/expected"
  zstd -q -d -f "$DIST/$IMAGE.img.zst" -o "$disk"
  root="$disk?offset=$(card_partition "$disk" 2)"
}

# on_root <debugfs command…>: on the root file system, without mounting it.
on_root() {
  printf '%s\n' "$@" | debugfs -w -f - "$root" >"$WORK/debugfs.log" 2>&1
  ! grep -E 'not found|No free|already exists|Unknown' "$WORK/debugfs.log" >&2 || fail "debugfs: $*"
}

# put <path>: standard input becomes that new file of the root file system.
put() {
  cat >"$WORK/put"
  on_root "write $WORK/put $1" "set_inode_field $1 mode 0100${2:-644}" "set_inode_field $1 uid 0" "set_inode_field $1 gid 0"
}

# fails <example…>: beginnings of full descriptions that must fail because of what was broken.
fails() {
  printf '%s\n' "$@" >>"$WORK/expected"
}

say() {
  count=$((count + 1))
  [ "$1" = ok ] || failures=$((failures + 1))
  echo "$1 $count - $2"
}

# boot_broken: exit code of `builder boot` on the broken image.
boot_broken() {
  zstd -q -1 -f "$disk" -o "$broken/$IMAGE.img.zst"
  rm -f "$disk"
  DIST=$broken WORK="$WORK/booted" "$BUILDER/builder" boot >"$WORK/boot.log" 2>&1
}

# judge: each expected example failed, and nothing else did.
judge() {
  local example failed
  failed=$(jq -r '.examples[] | select(.status == "failed").full_description' "$broken/$IMAGE.boot.test.json")
  while read -r example; do
    if grep -qF -- "$example" <<<"$failed"; then say ok "$example fails"; else say "not ok" "$example passes"; fi
  done <"$WORK/expected"
  failed=$(grep -vFf "$WORK/expected" <<<"$failed" || true)
  if [ -z "$failed" ]; then say ok "nothing else fails"; else say "not ok" "fails too: ${failed//$'\n'/; }"; fi
}

whole_image
put /etc/cloud/cloud.cfg.d/99-broken.cfg <<'CONFIG'
growpart: { mode: "off" }
resize_rootfs: false
ssh_deletekeys: false
system_info: { default_user: { groups: [video, sudo] } }
CONFIG
fails "the card after first boot has a root partition to its end" "the card after first boot is larger than the image" \
  'User "pirate" is expected to belong to group "docker"' "pirate Command \"runuser --login pirate --command 'docker version"
ruby "$BUILDER/boot-test/make-key.rb" "$WORK/host-key"
put /etc/ssh/ssh_host_ecdsa_key 600 <"$WORK/host-key"
put /etc/ssh/ssh_host_ecdsa_key.pub <"$WORK/host-key.pub"
fails "the board's identity made its host keys itself"
put /etc/systemd/system/broken.service <<'UNIT'
[Service]
Type=oneshot
ExecStart=/usr/bin/false
UNIT
on_root "symlink /etc/systemd/system/multi-user.target.wants/broken.service ../broken.service"
fails 'the running system Command "systemctl is-system-running"' 'the running system Command "systemctl list-units --state=failed'
on_root "rm /usr/libexec/docker/cli-plugins/docker-compose"
fails "a Compose project goes up and down" 'the running Docker Command "docker compose version' \
  'Docker File "/usr/libexec/docker/cli-plugins/docker-compose"' 'Docker Command "docker compose version'
on_root "symlink /etc/systemd/system/systemd-timesyncd.service /dev/null"
fails 'the running system Service "systemd-timesyncd"' 'the running system Command "systemctl show --property=NTP'
on_root "rm /etc/systemd/system/getty.target.wants/serial-getty@${CONSOLE%%,*}.service"
fails "logins Command \"systemctl is-active serial-getty@" "logins asks for a name on the board's serial console" "serial console File"
put /etc/docker/daemon.json <<<'{ "iptables": false, "storage-driver": "vfs" }'
fails "the running Docker stores on overlay2" "the running Docker keeps its files on the root partition" \
  "the running Docker warns of nothing" \
  "a container in a network of its own hides its address"
boot_broken || true
judge

whole_image
on_root "rm /etc/systemd/system/multi-user.target.wants/docker.service" "rm /etc/systemd/system/sockets.target.wants/docker.socket"
fails 'the running system Service "docker"' "Docker File \"/etc/systemd/system/" \
  'services File "/etc/systemd/system/multi-user.target.wants/docker.service"'
boot_broken || true
if jq -e '.summary.errors_outside_of_examples_count > 0' "$broken/$IMAGE.boot.test.json" >/dev/null; then
  say "not ok" "a Docker that does not run keeps the suite from being read"
fi
# Everything about containers fails too.
fails "the running Docker" "a container" "a Compose project" "pirate Command \"runuser --login pirate --command 'docker"
judge

whole_image
# The kernel's arguments name the root partition by the card's old number.
sfdisk --quiet --no-reread --no-tell-kernel --disk-id "$disk" 0x62726f6b
if boot_broken; then say "not ok" "an image without its root partition boots"; else say ok "an image without its root partition does not boot"; fi
if grep -q '^error: boot: found a machine that ended' "$WORK/boot.log" && grep -q 'ALERT! .* does not exist' "$WORK/boot.log"; then
  say ok "its error says so, with the end of the console"
else
  say "not ok" "its error says something else: $(tail -n 3 "$WORK/boot.log")"
fi

echo "1..$count"
[ "$failures" -eq 0 ] || { echo "error: $failures of $count" >&2; exit 1; }
