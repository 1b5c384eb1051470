# What makes the shared root filesystem this board's HypriotOS. Everything here can be replaced by the repository's files/.

customize() {
  local tree=$1
  # mkinitramfs asks the root partition, which does not exist yet, which checker it needs.
  printf 'FSTYPE=ext4\n' >"$tree/etc/initramfs-tools/conf.d/hypriotos"
  mkdir -p "$tree/boot/firmware" "$tree/etc/cloud/cloud.cfg.d" "$tree/etc/systemd/network" "$tree/etc/systemd/journald.conf.d"
  write_os_release "$tree"
  write_fstab "$tree"
  write_cloud_init "$tree"
  write_network "$tree"
  enable_console "$tree"
  printf 'C.UTF-8\n' | sed 's/^/LANG=/' >"$tree/etc/locale.conf"
  printf 'LANG=C.UTF-8\n' >"$tree/etc/default/locale"
  ln -sf ../usr/share/zoneinfo/Etc/UTC "$tree/etc/localtime"
  printf 'Etc/UTC\n' >"$tree/etc/timezone"
  # Flash wears out: logs in memory, and never more than a card can hold.
  printf '[Journal]\nSystemMaxUse=64M\nRuntimeMaxUse=32M\n' >"$tree/etc/systemd/journald.conf.d/10-hypriotos.conf"
}

# Debian's own stays in /usr/lib; its ID too, because installers of other software look at it.
write_os_release() {
  local title
  title=$(board .title | sed 's/[\\"$`]/\\&/g')
  rm -f "$1/etc/os-release"
  {
    sed -E '/^(PRETTY_NAME|VARIANT|VARIANT_ID|IMAGE_ID|IMAGE_VERSION)=/d' "$1/usr/lib/os-release"
    printf 'PRETTY_NAME="HypriotOS %s (Debian GNU/Linux %s)"\n' "$VERSION" "$(sed -n 's/^VERSION_ID="\(.*\)"/\1/p' "$1/usr/lib/os-release")"
    printf 'VARIANT="%s"\nVARIANT_ID=%s\nIMAGE_ID=hypriotos-%s\nIMAGE_VERSION=%s\n' "$title" "$BOARD" "$BOARD" "$VERSION"
    printf 'HYPRIOT_OS="HypriotOS/%s"\nHYPRIOT_DEVICE="%s"\nHYPRIOT_IMAGE_VERSION="%s"\n' "$ARCHITECTURE" "$title" "$VERSION"
  } >"$1/etc/os-release"
}

write_fstab() {
  cat >"$1/etc/fstab" <<FSTAB
PARTUUID=$ROOT_PARTUUID / ext4 defaults,noatime 0 1
PARTUUID=$BOOT_PARTUUID /boot/firmware vfat defaults,umask=0022 0 2
FSTAB
}

# The user edits user-data on the FAT partition before first boot; what it leaves out, the image's configuration says.
write_cloud_init() {
  rm -f "$1/etc/cloud/cloud.cfg.d/90_dpkg.cfg"
  cat >"$1/etc/cloud/cloud.cfg.d/10_hypriotos.cfg" <<CONFIG
# HypriotOS: settings come from the boot partition, never from a network.
datasource_list: [NoCloud]
datasource:
  NoCloud:
    fs_label: $BOOT_LABEL
system_info:
  default_user:
    name: pirate
    gecos: Hypriot Pirate
    primary_group: users
    groups: [docker, video, sudo]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
    # Until user-data sets a password: with false, cloud-init complains that there is none to unlock.
    lock_passwd: true
growpart:
  mode: auto
  devices: ["/"]
resize_rootfs: true
# systemd-networkd has DHCP on every wired interface (/etc/systemd/network).
network:
  config: disabled
CONFIG
  cat >"$1/boot/firmware/user-data" <<'DATA'
#cloud-config
# Read once, at first boot. Every setting: https://cloudinit.readthedocs.io/
hostname: black-pearl
manage_etc_hosts: true

# User pirate logs in with this password: change it, or set ssh_pwauth to false and give a key.
password: hypriot
chpasswd:
  expire: false
ssh_pwauth: true
# ssh_authorized_keys:
#   - ssh-ed25519 AAAA… you@example.org
DATA
  printf 'instance-id: hypriotos-%s-%s\n' "$BOARD" "$VERSION" >"$1/boot/firmware/meta-data"
}

write_network() {
  printf 'black-pearl\n' >"$1/etc/hostname"
  cat >"$1/etc/hosts" <<'HOSTS'
127.0.0.1 localhost
127.0.1.1 black-pearl
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
HOSTS
  cat >"$1/etc/systemd/network/20-wired.network" <<'NETWORK'
[Match]
Type=ether
# Docker's own.
Name=!veth* !br-* !docker*

[Network]
DHCP=yes
NETWORK
  ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
  enable_unit "$1" multi-user.target systemd-networkd.service
  enable_unit "$1" sockets.target systemd-networkd.socket
}

enable_console() {
  # systemd's generator starts a login on each console= of the kernel; this one also when the command line is changed.
  enable_unit "$1" getty.target "serial-getty@.service" "serial-getty@${CONSOLE%%,*}.service"
}

# enable_unit <tree> <target> <unit> [<instance>]
enable_unit() {
  mkdir -p "$1/etc/systemd/system/$2.wants"
  ln -sf "/usr/lib/systemd/system/$3" "$1/etc/systemd/system/$2.wants/${4:-$3}"
}
