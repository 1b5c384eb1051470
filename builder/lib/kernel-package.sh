# A kernel as a Debian package: the files and scripts that Debian's own have, under a name that stays when the version
# goes up, so that a board's config can name it.

# install_kernel <architecture> <tree>: what was built, where a system has it.
install_kernel() {
  local architecture=$1 tree=$2
  rm -rf "$tree" && mkdir -p "$tree/boot" "$tree/usr/share/doc/$KERNEL_PACKAGE"
  cp "$WORK/linux/$(kernel_image "$architecture")" "$tree/boot/vmlinuz-$KERNEL_RELEASE"
  cp "$WORK/linux/System.map" "$tree/boot/System.map-$KERNEL_RELEASE"
  cp "$WORK/linux/.config" "$tree/boot/config-$KERNEL_RELEASE"
  if config_has MODULES; then
    # depmod's lists are made where it is installed: what they are of is made elsewhere, too.
    quietly modules-install kernel_make "$architecture" INSTALL_MOD_PATH="$tree/usr" INSTALL_MOD_STRIP=1 DEPMOD=true modules_install
    rm -f "$tree/usr/lib/modules/$KERNEL_RELEASE"/{build,source}
  fi
  if config_has OF_EARLY_FLATTREE && [ "$(kernel_arch "$architecture")" != x86 ]; then
    quietly dtbs-install kernel_make "$architecture" INSTALL_DTBS_PATH="$tree/usr/lib/linux-image-$KERNEL_RELEASE" dtbs_install
  fi
  copyright >"$tree/usr/share/doc/$KERNEL_PACKAGE/copyright"
  find "$tree" -type d -exec chmod 755 {} +
  find "$tree" -type f -exec chmod 644 {} +
  chmod 600 "$tree/boot/System.map-$KERNEL_RELEASE"
}

copyright() {
  printf 'This is Linux %s, built from Debian'\''s package %s %s.\n\n' "$KERNEL_RELEASE" "$KERNEL_SOURCE" "$SOURCE_VERSION"
  printf 'License: GPL-2.0 WITH Linux-syscall-note. On Debian systems the text of the GPL is in\n/usr/share/common-licenses/GPL-2.\n'
}

# deb_version: sorts by Debian's version of the source, then by ours; ~ comes before nothing, as a pre-release does.
deb_version() {
  printf '%s+hypriotos%s\n' "$SOURCE_VERSION" "${VERSION//-/\~}"
}

# pack_kernel <architecture> <tree> <file>: the same tree gives the same bytes; times are no newer than the commit's.
pack_kernel() {
  local architecture=$1 tree=$2 script
  mkdir -p "$tree/DEBIAN"
  (cd "$tree" && find boot usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
  cat >"$tree/DEBIAN/control" <<CONTROL
Package: $KERNEL_PACKAGE
Source: kernel-$KERNEL
Version: $(deb_version)
Architecture: $architecture
Maintainer: HypriotOS <kernel@hypriot.invalid>
Installed-Size: $(du --apparent-size --summarize --block-size=1K --exclude=DEBIAN "$tree" | cut -f1)
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Built-Using: linux (= $SOURCE_VERSION)
Section: kernel
Priority: optional
Homepage: https://www.kernel.org/
Description: Linux $KERNEL_RELEASE for HypriotOS
 Linux of $KERNEL_SOURCE with a config of its own, modules and device trees.
CONTROL
  for script in preinst postinst prerm postrm; do
    sed "s|@RELEASE@|$KERNEL_RELEASE|g; s|@NAME@|$KERNEL|g" "$BUILDER/kernel/$script" >"$tree/DEBIAN/$script"
    chmod 755 "$tree/DEBIAN/$script"
  done
  chmod 644 "$tree"/DEBIAN/{control,md5sums}
  # With more threads the bytes depend on how many there are.
  quietly dpkg-deb dpkg-deb --root-owner-group --threads-max=1 -Zxz -z6 --build "$tree" "$3"
}
