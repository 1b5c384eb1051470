# U-Boot in several parts before the first partition, of Debian packages or a vendor's files; it finds its kernel by
# extlinux.conf or boot.scr on the root partition, or by boot.ini on the boot partition.

# Where a vendor's files lie in the image, beside Debian's boot loaders: whoever repairs a card has them at hand.
VENDOR_FOLDER=/usr/lib/u-boot/vendor

# parts: a line for each: number, source, package or name, file, sector, sectors or 0, bytes at most or 0.
parts() {
  jq -r '.boot.parts | to_entries[] | .key as $number | .value |
    [$number, .source, .package // .name, .file // .name, .offsetKiB * 2, (.lengthKiB // 0) * 2, (.maximumKiB // 0) * 1024]
    | join("\t")' <<<"$BOARD_JSON"
}

# Before anything else is downloaded: a vendor's file may decide on the card's id.
boot_prepare() {
  local number source name file sector sectors maximum size problems=()
  rm -rf "${WORK:?}/vendor" && mkdir -p "$WORK/vendor"
  while IFS=$'\t' read -r number source name file sector sectors maximum; do
    [ "$source" = vendor ] || continue
    pinned_file firmware "$name" "file of the boot loader" "the vendor's file $name"
    size=$(stat -c %s "$PINNED")
    [ "$size" -gt 0 ] || problems+=("versions.json: firmware.$name: found an empty file, expected the vendor's")
    [ "$size" -le "$maximum" ] ||
      problems+=("board.json: boot.parts[$number].maximumKiB: found a file $name of $size bytes, expected at most $maximum")
    cp "$PINNED" "$WORK/vendor/$name"
    [ "$sector" != 0 ] || disk_id_of "$PINNED"
  done < <(parts)
  [ ${#problems[@]} -eq 0 ] || wrong "${problems[@]}"
}

# disk_id_of <file>: what is written around the partition table has 442 bytes, and the card's id lies in 440 to 443: its
# first two bytes are the boot loader's own.
disk_id_of() {
  local bytes
  bytes=$(od -An -tx1 -j440 -N2 "$1" 2>/dev/null | tr -d ' \n')
  [ ${#bytes} -eq 4 ] || return 0
  DISK_ID="${DISK_ID:0:4}${bytes:2:2}${bytes:0:2}"
  # shellcheck disable=SC2034 # as read_board sets them
  BOOT_PARTUUID="$DISK_ID-01" ROOT_PARTUUID="$DISK_ID-02"
}

boot_packages() {
  board '.boot.parts[] | select(.source == "package").package' | sort -u
  if [ "$(board .boot.script)" = extlinux ]; then echo u-boot-menu; else echo u-boot-tools; fi
}

boot_settings() {
  if [ "$(board .boot.script)" = extlinux ]; then extlinux_settings "$1"; else script_settings "$1"; fi
}

# script_settings <tree>: what hypriotos-boot-update reads, and what calls it on the board.
script_settings() {
  local tree=$1 command=bootz hook
  [ "$ARCHITECTURE" != arm64 ] || command=booti
  {
    echo "# Written by the image build. After a change: hypriotos-boot-update"
    shell_setting SCRIPT "$(board .boot.script)"
    shell_setting HEADER "$(board .boot.header)"
    shell_setting COMMAND "$command"
    # shellcheck disable=SC2016 # U-Boot's own variables
    shell_setting KERNEL "$(board '.boot.addresses.kernel // "${kernel_addr_r}"')"
    # shellcheck disable=SC2016
    shell_setting INITRAMFS "$(board '.boot.addresses.initramfs // "${ramdisk_addr_r}"')"
    # shellcheck disable=SC2016
    shell_setting DEVICE_TREE "$(board '.boot.addresses.deviceTree // "${fdt_addr_r}"')"
    shell_setting DEVICE_TREES "$(board '.deviceTrees | join(" ")')"
    shell_setting ARGUMENTS "root=PARTUUID=$ROOT_PARTUUID $(kernel_arguments)"
  } >"$tree/etc/default/hypriotos-boot"
  install -m 755 "$BUILDER/boot/hypriotos-boot-update" "$tree/usr/sbin/hypriotos-boot-update"
  for hook in kernel/postinst.d kernel/postrm.d initramfs/post-update.d; do
    mkdir -p "$tree/etc/$hook"
    printf '#!/bin/sh\nexec hypriotos-boot-update\n' >"$tree/etc/$hook/zz-hypriotos-boot"
    chmod 755 "$tree/etc/$hook/zz-hypriotos-boot"
  done
}

# shell_setting <name> <text without a single quote>
shell_setting() { printf "%s='%s'\n" "$1" "$2"; }

boot_install() {
  local number source name file sector sectors maximum
  while IFS=$'\t' read -r number source name file sector sectors maximum; do
    if [ "$source" = package ]; then
      require_loader "$1" "$file" "boot.parts[$number].file"
    else
      install -D -m 644 "$WORK/vendor/$name" "$1$VENDOR_FOLDER/$name"
      board ".boot.parts[$number].license" >"$1$VENDOR_FOLDER/$name.license"
    fi
  done < <(parts)
  if [ "$(board .boot.script)" = extlinux ]; then
    in_prepared_tree boot "$1" "$ARCHITECTURE" u-boot-update
  else
    in_prepared_tree boot "$1" "$ARCHITECTURE" hypriotos-boot-update
  fi
}

# boot_raw <tree> <image>
boot_raw() {
  local number source name file sector sectors maximum path size problems=()
  while IFS=$'\t' read -r number source name file sector sectors maximum; do
    path="$1/usr/lib/u-boot/$file"
    [ "$source" = package ] || path="$1$VENDOR_FOLDER/$name"
    size=$((($(stat -c %s "$path") + 511) / 512))
    if [ "$sectors" = 0 ] || [ "$sectors" -gt "$size" ]; then sectors=$size; fi
    if [ $((sector + sectors)) -gt $((FIRST_PARTITION_MIB * 2048)) ]; then
      problems+=("board.json: boot.parts[$number].offsetKiB: found $(board ".boot.parts[$number].offsetKiB"), where $((sectors * 512)) bytes reach into the first partition, expected a place that leaves room for them")
    else
      write_part "$path" "$2" "$sector" "$sectors"
    fi
  done < <(parts)
  [ ${#problems[@]} -eq 0 ] || wrong "${problems[@]}"
}

# write_part <file> <image> <sector> <sectors>: at 0 around the partition table, as a vendor's own script does.
write_part() {
  local first=0
  if [ "$3" = 0 ]; then
    dd if="$1" of="$2" bs=1 count=442 conv=notrunc status=none
    first=1
  fi
  [ "$4" -le "$first" ] ||
    dd if="$1" of="$2" bs=512 skip="$first" seek="$(($3 + first))" count="$(($4 - first))" conv=notrunc status=none
}

# boot.ini is on the boot partition, the others on the root partition.
boot_active_partition() {
  if [ "$(board .boot.script)" = boot.ini ]; then echo 1; else echo 2; fi
}

# boot_files <card> <folder>: what U-Boot would start, by its script: <folder>/kernel, /initramfs, /arguments.
boot_files() {
  local root fat script="$2/script"
  fat="$1@@$(card_partition "$1" 1)"
  root="$1?offset=$(card_partition "$1" 2)"
  case "$(board .boot.script)" in
    extlinux) extlinux_boot_files "$@" ;;
    boot.scr)
      debugfs -R "dump /boot/boot.scr $script.scr" "$root" 2>/dev/null
      # U-Boot's header, and the script's length.
      tail -c +73 "$script.scr" >"$script"
      debugfs -R "dump $(awk '$4 ~ /^.boot.vmlinuz/ { print $4; exit }' "$script") $2/kernel" "$root" 2>/dev/null
      debugfs -R "dump $(awk '$4 ~ /^.boot.initrd/ { print $4; exit }' "$script") $2/initramfs" "$root" 2>/dev/null
      ;;
    boot.ini)
      mtype -i "$fat" ::boot.ini >"$script"
      mcopy -n -i "$fat" "::$(awk '$1 == "fatload" && $4 ~ /^vmlinuz/ { print $4; exit }' "$script")" "$2/kernel"
      mcopy -n -i "$fat" "::$(awk '$1 == "fatload" && $4 ~ /^uInitrd/ { print $4; exit }' "$script")" "$2/uInitrd"
      # Without U-Boot's header.
      tail -c +65 "$2/uInitrd" >"$2/initramfs"
      ;;
  esac
  [ ! -f "$script" ] || sed -n 's/^setenv bootargs "\(.*\)"$/\1/p' "$script" >"$2/arguments"
  if [ ! -s "$2/kernel" ] || [ ! -s "$2/initramfs" ]; then fail "$(board .boot.script): found no kernel or no initramfs, expected both"; fi
}
