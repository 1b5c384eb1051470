#!/usr/bin/env bash
# A kernel's package is installed, upgraded to another release, and removed: hooks run for the right release, and nothing
# is left. A package of one file stands for a kernel. Runs in the builder image, whose own dpkg it uses:
#   docker run … --network none --entrypoint /opt/builder/test/kernel-package.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
export BUILDER WORK="$work" LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=1700000000
for file in "$BUILDER"/lib/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done
export KERNEL=own KERNEL_PACKAGE=linux-image-own KERNEL_SOURCE=linux-source-6.12

# What the builder image lacks, and hooks as an initramfs has them.
mkdir -p /etc/kernel/postinst.d /etc/kernel/postrm.d
for program in linux-update-symlinks linux-check-removal; do
  # shellcheck disable=SC2016 # the script's own
  printf '#!/bin/sh\necho "${0##*/} $*" >>%s/links\n' "$work" >"/usr/bin/$program"
done
# shellcheck disable=SC2016
printf '#!/bin/sh\n: >"/boot/initrd.img-$1"\n' >/etc/kernel/postinst.d/initrd
# shellcheck disable=SC2016
printf '#!/bin/sh\nrm "/boot/initrd.img-$1"\n' >/etc/kernel/postrm.d/initrd
chmod 755 /usr/bin/linux-* /etc/kernel/*/initrd

# deb <version of the source> <version>: <work>/<version>.deb
deb() {
  local tree="$work/tree-$2"
  export KERNEL_RELEASE="$1-own" SOURCE_VERSION="$1-1" VERSION=$2
  mkdir -p "$tree/boot" "$tree/usr/lib/modules/$KERNEL_RELEASE/kernel" "$tree/usr/share/doc/$KERNEL_PACKAGE"
  echo kernel >"$tree/boot/vmlinuz-$KERNEL_RELEASE"
  touch "$tree/usr/lib/modules/$KERNEL_RELEASE"/modules.{order,builtin,builtin.modinfo}
  copyright >"$tree/usr/share/doc/$KERNEL_PACKAGE/copyright"
  pack_kernel "$(dpkg --print-architecture)" "$tree" "$work/$2.deb"
}

count=0 failures=0
# check <what> <found> <expected>
check() {
  count=$((count + 1))
  if [ "$2" = "$3" ]; then echo "ok $count - $1"; else
    echo "not ok $count - $1: found $2, expected $3"
    failures=$((failures + 1))
  fi
}

# dpkg_quietly <argument…>: what a kernel depends on is not here.
dpkg_quietly() {
  quietly dpkg dpkg --force-depends "$@"
}

boot() { (cd /boot && echo *); }
releases() { (cd /usr/lib/modules && echo *); }

deb 6.12.1 1.0.0-rc.1
deb 6.12.2 1.0.0
check "a pre-release comes before its release" \
  "$(dpkg --compare-versions 6.12.1-1+hypriotos1.0.0~rc.1 lt 6.12.1-1+hypriotos1.0.0 && echo yes)" yes
dpkg_quietly --install "$work/1.0.0-rc.1.deb"
check "installed, it has its version" "$(dpkg-query --show --showformat="\${Version}" linux-image-own)" "6.12.1-1+hypriotos1.0.0~rc.1"
check "and its initramfs" "$(boot)" "initrd.img-6.12.1-own vmlinuz-6.12.1-own"
check "and the lists of its modules" "$([ -e /usr/lib/modules/6.12.1-own/modules.dep ] && echo yes)" yes
dpkg_quietly --install "$work/1.0.0.deb"
check "upgraded, nothing of the other release is left in /boot" "$(boot)" "initrd.img-6.12.2-own vmlinuz-6.12.2-own"
check "nor among the modules" "$(releases)" 6.12.2-own
dpkg_quietly --remove linux-image-own
check "removed, nothing is left in /boot" "$(boot)" "*"
check "nor among the modules" "$(releases)" "*"
check "links are told of each step" "$(paste -sd';' "$work/links")" "linux-update-symlinks install 6.12.1-own /boot/vmlinuz-6.12.1-own;linux-update-symlinks install 6.12.2-own /boot/vmlinuz-6.12.2-own;linux-update-symlinks remove 6.12.1-own /boot/vmlinuz-6.12.1-own;linux-check-removal 6.12.2-own;linux-update-symlinks remove 6.12.2-own /boot/vmlinuz-6.12.2-own"
rm -rf "$work"
echo "1..$count"
[ "$failures" -eq 0 ]
