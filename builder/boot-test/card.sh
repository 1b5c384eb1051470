# What is booted: a copy of the image on a larger card, with one more key for user pirate. /dist keeps the image as it is.

# card_partition <card> <1 or 2>: where it starts, in bytes.
card_partition() {
  sfdisk --json "$1" | jq ".partitiontable.partitions[$2 - 1].start * 512"
}

# make_boot_card <card>: a card's size is a power of two, and has room for the root partition to grow by 1 GiB or more.
make_boot_card() {
  local size least
  zstd -q -d -f "$DIST/$IMAGE.img.zst" -o "$1"
  least=$(($(stat -c %s "$1") + 1073741824)) size=1073741824
  while [ "$size" -lt "$least" ]; do size=$((size * 2)); done
  truncate -s "$size" "$1"
}

# add_key <card> <public key file>: where the board's owner writes it, in user-data on the boot partition.
add_key() {
  local fat user_data="$WORK/boot/user-data"
  fat="$1@@$(card_partition "$1" 1)"
  mtype -i "$fat" ::user-data >"$user_data.image"
  ruby "$BUILDER/boot-test/user-data.rb" "$2" <"$user_data.image" >"$user_data"
  mcopy -D o -i "$fat" "$user_data" ::user-data
}
