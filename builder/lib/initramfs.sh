# The initramfs of each kernel in the tree. It depends on packages and configuration, not on a board's other files:
# an entry of the cache is used while both are the same.

# make_initramfs <tree> <architecture>
make_initramfs() {
  local tree=$1 architecture=$2 version key entry
  for version in $(cd "$tree/lib/modules" && printf '%s\n' * | sort); do
    key=$(cache_key initramfs "$version" "$(package_list "$tree")" "$(initramfs_inputs "$tree")")
    if entry=$(cache_get initramfs "$key"); then
      cp "$entry" "$tree/boot/initrd.img-$version"
    else
      # Its own time, not the commit's: the entry serves many commits.
      SOURCE_DATE_EPOCH=$(stat -c %Y "$tree/boot/vmlinuz-$version") \
        in_prepared_tree mkinitramfs "$tree" "$architecture" mkinitramfs -o "/boot/initrd.img-$version" "$version"
      cache_put initramfs "$key" "$tree/boot/initrd.img-$version"
    fi
    chmod 600 "$tree/boot/initrd.img-$version"
  done
}

# Digests of what mkinitramfs reads beside packages' own files.
initramfs_inputs() {
  (
    cd "$1" || exit 1
    for path in etc/initramfs-tools etc/modprobe.d etc/modules-load.d etc/modules etc/udev etc/fstab etc/default/keyboard \
      usr/share/initramfs-tools usr/lib/modprobe.d usr/lib/udev/rules.d usr/local/share/initramfs-tools; do
      [ ! -e "$path" ] || find "$path" \( -type f -o -type l \) -print0
    done | sort -z | xargs -0r sha256sum 2>/dev/null
  )
}
