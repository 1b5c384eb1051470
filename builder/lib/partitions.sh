# The SD card: MBR, a FAT boot partition and an ext4 root partition, made from trees without mounting anything.

FIRST_PARTITION_MIB=4

# make_boot_partition <tree/boot/firmware> <file> <MiB>
make_boot_partition() {
  local folder=$1 file=$2 path used
  used=$(du -sm --apparent-size "$folder" | cut -f1)
  [ "$used" -lt "$(($3 - 4))" ] ||
    wrong "board.json: partitions.boot.sizeMiB: found $3, expected more than $((used + 4)): the boot partition's files have $used MiB"
  rm -f "$file"
  truncate -s "$3M" "$file"
  mkfs.vfat --invariant -F 32 -i "$BOOT_ID" -n "$BOOT_LABEL" "$file" >/dev/null
  (
    cd "$folder" || exit 1
    # By name, one by one: a FAT keeps the order and the time that files come with.
    while IFS= read -r -d '' path; do
      mmd -D s -i "$file" "::$path"
    done < <(find . -mindepth 1 -type d -printf '%P\0' | sort -z)
    while IFS= read -r -d '' path; do
      mcopy -m -D o -i "$file" "$path" "::$path"
    done < <(find . -type f -printf '%P\0' | sort -z)
  )
}

# make_root_partition <tree> <file> <MiB>
make_root_partition() {
  local used
  used=$(du -sm "$1" | cut -f1)
  # Inode tables, journal and block maps take their share; a full file system cannot boot.
  [ $((used * 112 / 100 + 64)) -le "$3" ] ||
    wrong "board.json: partitions.root.sizeMiB: found $3, expected at least $((used * 112 / 100 + 64)): the root partition's files have $used MiB"
  rm -f "$2"
  # mke2fs takes the time of the last access over, which tells who read the file while the image was made.
  find "$1" -print0 | xargs -0 touch -a --no-dereference --date="@$SOURCE_DATE_EPOCH"
  quietly mke2fs mke2fs -t ext4 -L root -U "$ROOT_UUID" -E "hash_seed=$(stable_uuid hash-seed),lazy_itable_init=0,lazy_journal_init=0" \
    -O ^metadata_csum_seed,^orphan_file -m 1 -d "$1" "$2" "$3M"
}

# make_card <boot file> <root file> <image>
make_card() {
  local boot_mib root_mib active
  boot_mib=$(board .partitions.boot.sizeMiB)
  root_mib=$(board .partitions.root.sizeMiB)
  active=$(boot_active_partition)
  rm -f "$3"
  truncate -s "$((FIRST_PARTITION_MIB + boot_mib + root_mib))M" "$3"
  sfdisk --quiet --no-reread --no-tell-kernel "$3" <<TABLE
label: dos
label-id: 0x$DISK_ID
unit: sectors
start=$((FIRST_PARTITION_MIB * 2048)), size=$((boot_mib * 2048)), type=c$([ "$active" != 1 ] || echo ", bootable")
start=$(((FIRST_PARTITION_MIB + boot_mib) * 2048)), size=$((root_mib * 2048)), type=83$([ "$active" != 2 ] || echo ", bootable")
TABLE
  dd if="$1" of="$3" bs=1M seek="$FIRST_PARTITION_MIB" conv=notrunc,sparse status=none
  dd if="$2" of="$3" bs=1M seek="$((FIRST_PARTITION_MIB + boot_mib))" conv=notrunc,sparse status=none
}
