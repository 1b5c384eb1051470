#!/usr/bin/env bash
# Breaks an image in many ways, one at a time, and sees that the example which is there for it fails, and only if it
# is broken. Runs in the builder image, after `build`, on the same /workspace and /dist:
#   docker run … --entrypoint /opt/builder/test/break-image.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BUILDER WORKSPACE=/workspace DIST=/dist CACHE=/cache WORK=/build LC_ALL=C.UTF-8 TZ=UTC
for file in "$BUILDER"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done
read_identity
read_board
mkdir -p "$WORK"
disk="$WORK/$IMAGE.img" tree="$WORK/test" failures=0 count=0
zstd -q -d -f "$DIST/$IMAGE.img.zst" -o "$disk"
open_image "$disk" "$tree"
lend_devices "$tree"

# examples <spec file> <example>: exit status of the examples whose description, as far as it is written down, has that.
examples() {
  (cd "$WORK" && TREE="$tree" KIND=image IMAGE_FILE="$disk" rspec --default-path "$WORK" -I "$BUILDER/spec" \
    --require spec_helper --format json --out "$WORK/result.json" --example "$2" "$BUILDER/spec/$1" >/dev/null 2>&1)
}

# broken <spec file> <example> <shell that breaks, in the tree>: whole before, failing while broken.
broken() {
  local spec=$1 example=$2 command=$3
  count=$((count + 1))
  rm -rf "$WORK/kept" && mkdir "$WORK/kept"
  if ! examples "$spec" "$example"; then
    echo "not ok $count - $example: fails on the whole image, or is no example"
    failures=$((failures + 1))
    return 0
  fi
  (cd "$tree" && eval "$command")
  if examples "$spec" "$example"; then
    echo "not ok $count - $example: passes although: $command"
    failures=$((failures + 1))
  elif [ "$(jq '.summary.errors_outside_of_examples_count' "$WORK/result.json")" != 0 ]; then
    echo "not ok $count - $example: does not fail but break on: $command"
    failures=$((failures + 1))
  else
    echo "ok $count - $example: fails on: $command"
  fi
  restore
}

# keep <path…>: what `restore` brings back, or takes away if it was not there.
keep() {
  local path
  for path in "$@"; do
    mkdir -p "$WORK/kept/${path%/*}"
    if [ -e "$path" ] || [ -L "$path" ]; then cp -a "$path" "$WORK/kept/$path"; else printf '%s\n' "$path" >>"$WORK/kept.new"; fi
  done
}

restore() {
  cp -a "$WORK/kept/." "$tree/"
  if [ -e "$WORK/kept.new" ]; then
    while read -r path; do rm -f "$tree/$path"; done <"$WORK/kept.new"
    rm -f "$WORK/kept.new"
  fi
}

# disk_bytes <offset> <bytes as printf takes them>: written into the image; undone by disk_restore.
disk_bytes() {
  dd if="$disk" of="$WORK/kept.bytes" bs=1 skip="$1" count=64 status=none
  printf '%s\n' "$1" >"$WORK/kept.offset"
  printf '%b' "$2" | dd of="$disk" bs=1 seek="$1" conv=notrunc status=none
}

disk_broken() {
  local spec=$1 example=$2 offset=$3 bytes=$4
  broken "$spec" "$example" "disk_bytes $offset '$bytes'"
  dd if="$WORK/kept.bytes" of="$disk" bs=1 seek="$offset" conv=notrunc status=none
}

kernel=$(basename "$tree"/usr/lib/modules/*)
broken shared/packages_spec.rb 'Package "openssh-server"' 'keep var/lib/dpkg/status; sed -i "/^Package: openssh-server$/,/^Status:/ s/^Status:.*/Status: deinstall ok config-files/" var/lib/dpkg/status'
broken shared/packages_spec.rb "every program and library" 'keep usr/bin/true; cp --remove-destination /usr/bin/true usr/bin/true'
broken shared/packages_spec.rb "come from Debian only" 'keep etc/apt/sources.list; echo "deb http://example.org/debian trixie main" >>etc/apt/sources.list'
# shellcheck disable=SC2016 # a password hash
broken shared/users_spec.rb "have no password in the image" 'keep etc/shadow; sed -i "s/^root:[^:]*:/root:\$y\$j9T\$abc:/" etc/shadow'
broken shared/users_spec.rb "have no second root" 'keep etc/passwd; echo "toor:x:0:0::/root:/bin/sh" >>etc/passwd'
broken shared/permissions_spec.rb 'File "/etc/shadow"' 'keep etc/shadow; chmod 644 etc/shadow'
broken shared/permissions_spec.rb 'File "/usr/bin/sudo"' 'keep usr/bin/sudo; chmod u-s usr/bin/sudo'
broken shared/permissions_spec.rb "give root's rights to known programs only" 'keep usr/bin/suid-shell; cp usr/bin/dash usr/bin/suid-shell; chmod 4755 usr/bin/suid-shell'
broken shared/permissions_spec.rb "let nobody else write system files" 'keep etc/fstab; chmod 666 etc/fstab'
broken shared/leftovers_spec.rb "have no host keys" 'keep etc/ssh/ssh_host_rsa_key; touch etc/ssh/ssh_host_rsa_key'
broken shared/leftovers_spec.rb "have no log" 'keep var/log/dpkg.log; echo x >var/log/dpkg.log'
broken shared/leftovers_spec.rb "have no package lists" 'keep var/lib/apt/lists/mirror_x; touch var/lib/apt/lists/mirror_x'
broken shared/leftovers_spec.rb "have no qemu" 'keep usr/bin/qemu-aarch64-static; touch usr/bin/qemu-aarch64-static'
broken shared/leftovers_spec.rb 'File "/etc/machine-id"' 'keep etc/machine-id; echo 0123456789abcdef0123456789abcdef >etc/machine-id'
broken shared/docker_spec.rb 'File "/usr/libexec/docker/cli-plugins/docker-compose"' 'keep usr/libexec/docker/cli-plugins/docker-compose; rm usr/libexec/docker/cli-plugins/docker-compose'
record=usr/lib/hypriotos/docker.json
engine=$(jq -r '.packages | keys[] | select(. == "docker.io" or . == "docker-ce")' "$tree/$record")
# Another version than the pin, then another pin than the version: the second also where nothing is pinned.
if [ "$(jq -r --arg engine "$engine" '.packages[$engine]' "$tree/$record")" != null ]; then
  broken shared/docker_spec.rb "is in the version that is pinned" "keep var/lib/dpkg/status; sed -i '/^Package: $engine\$/,/^\$/ s/^Version:.*/Version: 0/' var/lib/dpkg/status"
fi
broken shared/docker_spec.rb "is in the version that is pinned" "keep $record; jq '.packages[\"$engine\"] = \"0\"' '$WORK/test/$record' >$record.new; mv $record.new $record"
broken shared/docker_spec.rb "Package \"$engine\"" "keep var/lib/dpkg/status; sed -i '/^Package: $engine\$/,/^Status:/ s/^Status:.*/Status: deinstall ok config-files/' var/lib/dpkg/status"
broken shared/docker_spec.rb 'Command "docker --version"' 'keep usr/bin/docker; printf "#!/bin/sh\\necho Docker version 1.0\\n" >usr/bin/docker.new; chmod 755 usr/bin/docker.new; mv usr/bin/docker.new usr/bin/docker'
if [ "$(jq -r .source "$tree/$record")" = debian ]; then
  broken shared/docker_spec.rb "come from Debian" 'mkdir -p etc/apt/sources.list.d; keep etc/apt/sources.list.d/docker.sources; touch etc/apt/sources.list.d/docker.sources'
else
  broken shared/docker_spec.rb "come from the repository that was chosen" 'keep etc/apt/sources.list.d/docker.sources; sed -i "s|^URIs:.*|URIs: https://example.org/debian|" etc/apt/sources.list.d/docker.sources'
  broken shared/docker_spec.rb "are all that comes from there" 'keep etc/apt/preferences.d/docker; rm etc/apt/preferences.d/docker'
fi
broken shared/docker_spec.rb "listens on no network" 'mkdir -p etc/docker; keep etc/docker/daemon.json; echo "{\"hosts\":[\"tcp://0.0.0.0:2375\"]}" >etc/docker/daemon.json'
broken shared/services_spec.rb 'wants/ssh.service' 'keep etc/systemd/system/multi-user.target.wants/ssh.service; rm etc/systemd/system/multi-user.target.wants/ssh.service'
broken shared/services_spec.rb "OpenSSH Command" 'keep etc/ssh/sshd_config; sed -i "1i PermitRootLogin yes" etc/ssh/sshd_config'
broken image/identity_spec.rb "says IMAGE_VERSION=$VERSION in os-release" 'keep etc/os-release; sed -i "s/^IMAGE_VERSION=.*/IMAGE_VERSION=0/" etc/os-release'
broken image/cloud_init_spec.rb "puts pirate into docker" 'keep etc/cloud/cloud.cfg.d/10_hypriotos.cfg; sed -i "s/docker, //" etc/cloud/cloud.cfg.d/10_hypriotos.cfg'
broken image/cloud_init_spec.rb "finds the boot partition by its label" 'keep etc/cloud/cloud.cfg.d/10_hypriotos.cfg; sed -i "s/fs_label:.*/fs_label: other/" etc/cloud/cloud.cfg.d/10_hypriotos.cfg'
broken image/cloud_init_spec.rb "grows the root partition" 'keep etc/cloud/cloud.cfg.d/10_hypriotos.cfg; sed -i "s/mode: auto/mode: false/" etc/cloud/cloud.cfg.d/10_hypriotos.cfg'
broken image/cloud_init_spec.rb "makes host keys at first boot" 'keep etc/cloud/cloud.cfg.d/10_hypriotos.cfg; echo "ssh_deletekeys: false" >>etc/cloud/cloud.cfg.d/10_hypriotos.cfg'
broken image/cloud_init_spec.rb "cloud-init schema" 'keep boot/firmware/user-data; sed -i "s/^hostname:/hostname: 3 #/" boot/firmware/user-data'
broken image/network_spec.rb 'File "/etc/systemd/network/20-wired.network"' 'keep etc/systemd/network/20-wired.network; sed -i "s/^DHCP=.*/DHCP=no/" etc/systemd/network/20-wired.network'
broken image/disk_spec.rb "mounts the root partition" 'keep etc/fstab; sed -i "s/PARTUUID=[0-9a-f]*-02/PARTUUID=00000000-02/" etc/fstab'
broken image/kernel_spec.rb "has CONFIG_OVERLAY_FS" "keep boot/config-$kernel; sed -i 's/^CONFIG_OVERLAY_FS=.*/# CONFIG_OVERLAY_FS is not set/' boot/config-$kernel"
broken image/kernel_spec.rb "has every module that modules.dep lists" "path=usr/lib/modules/$kernel/\$(head -n 1 usr/lib/modules/$kernel/modules.dep | cut -d: -f1); keep \"\$path\"; rm \"\$path\""
broken image/console_spec.rb "serial console" "keep etc/systemd/system/getty.target.wants/getty@tty1.service 'etc/systemd/system/getty.target.wants/serial-getty@${CONSOLE%%,*}.service'; rm etc/systemd/system/getty.target.wants/*"
case "$(board .boot.method)" in
  raspi-firmware)
    broken image/boot_raspi_firmware_spec.rb "has start4.elf as the package ships it" 'keep boot/firmware/start4.elf; echo x >>boot/firmware/start4.elf'
    broken image/boot_raspi_firmware_spec.rb "loads the initramfs" 'keep boot/firmware/config.txt; sed -i /^initramfs/d boot/firmware/config.txt'
    broken image/boot_raspi_firmware_spec.rb "has the root partition" 'keep boot/firmware/cmdline.txt; sed -i "s/root=[^ ]*/root=\/dev\/mmcblk0p2/" boot/firmware/cmdline.txt'
    ;;
  u-boot)
    disk_broken image/boot_u_boot_spec.rb "as the package ships it" "$(($(board .boot.offsetKiB) * 1024 + 512))" 'broken'
    ;;
  u-boot-parts)
    while IFS=$'\t' read -r source name offset; do
      disk_broken image/boot_u_boot_parts_spec.rb "has $name at $offset bytes" $((offset + 600)) 'broken'
      [ "$source" = package ] ||
        broken image/boot_u_boot_parts_spec.rb "has $name as versions.json pins it" "keep usr/lib/u-boot/vendor/$name; echo x >>usr/lib/u-boot/vendor/$name"
    done < <(jq -r '.boot.parts[] | [.source, .name // .file, .offsetKiB * 1024] | @tsv' <<<"$BOARD_JSON")
    ;;
  android-boot-image)
    broken image/boot_android_boot_image_spec.rb "has the card's kernel" "keep boot/vmlinuz-$kernel; echo x >>boot/vmlinuz-$kernel"
    broken image/boot_android_boot_image_spec.rb "has the card's initramfs" "keep boot/initrd.img-$kernel; echo x >>boot/initrd.img-$kernel"
    disk_broken image/boot_android_boot_image_spec.rb "has the card's root partition" 440 'id'
    ;;
esac
case "$(board '.boot.script // (if .boot.method == "u-boot" then "extlinux" else "none" end)')" in
  extlinux) broken image/boot_extlinux_spec.rb "has the root partition" 'keep boot/extlinux/extlinux.conf; sed -i "s/root=[^ ]*/root=\/dev\/mmcblk0p2/" boot/extlinux/extlinux.conf' ;;
  boot.scr)
    broken image/boot_script_spec.rb "has the root partition" 'keep boot/boot.cmd; sed -i "s/root=[^ ]*/root=\/dev\/mmcblk0p2/" boot/boot.cmd'
    broken image/boot_script_spec.rb "is what boot.cmd says" 'keep boot/boot.scr; echo reset >>boot/boot.scr'
    ;;
  boot.ini)
    broken image/boot_script_spec.rb "has the root partition" 'keep boot/firmware/boot.ini; sed -i "s/root=[^ ]*/root=\/dev\/mmcblk0p2/" boot/firmware/boot.ini'
    broken image/boot_script_spec.rb "has the kernel as /boot has it" 'keep boot/firmware/vmlinuz; echo x >>boot/firmware/vmlinuz'
    broken image/boot_script_spec.rb "has the initramfs as /boot has it" 'keep boot/firmware/uInitrd; echo x >>boot/firmware/uInitrd'
    ;;
esac
# Bytes of the card itself: the second partition's type, the FAT's label, the superblock's volume name.
disk_broken image/disk_spec.rb "says Linux of the root partition" $((446 + 16 + 4)) '\x07'
disk_broken image/disk_spec.rb "is called HYPRIOTOS" $((4 * 1048576 + 71)) 'OTHER      '
disk_broken image/disk_spec.rb "root file system is clean" $(((4 + $(board .partitions.boot.sizeMiB)) * 1048576 + 1024 + 120)) 'broken'

echo "1..$count"
[ "$failures" -eq 0 ] || { echo "error: $failures of $count" >&2; exit 1; }
