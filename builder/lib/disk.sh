# An image's partitions as a tree to test, read from the image's own bytes without mounting.

# open_image <image> <tree>: the root partition, with the boot partition under /boot/firmware.
open_image() {
  local image=$1 tree=$2 table boot root
  table=$(sfdisk --json "$image")
  read -r boot root < <(jq -r '.partitiontable.partitions | "\(.[0].start * 512) \(.[1].start * 512)"' <<<"$table")
  rm -rf "$tree" && mkdir -p "$tree"
  dump_ext4 "$image?offset=$root" "$tree"
  mkdir -p "$tree/boot/firmware"
  mcopy -s -n -Q -p -i "$image@@$boot" '::*' "$tree/boot/firmware/"
}

# debugfs loses setuid, setgid and sticky bits: given back from the file system's own lists.
dump_ext4() {
  local path
  quietly debugfs debugfs -R "rdump / $2" "$1"
  find "$2" -type d -printf 'ls -p "/%P"\n' >"$WORK/list.debugfs"
  debugfs -f "$WORK/list.debugfs" "$1" 2>/dev/null |
    awk -F/ '/^debugfs: ls -p "/ { sub(/^debugfs: ls -p "/, ""); sub(/"$/, ""); folder = $0 }
      /^\/[0-9]+\/(10|04)[1-7]/ && $6 !~ /^[.][.]?$/ { printf "%s %s/%s\n", substr($3, 3), folder, $6 }' |
    while read -r mode path; do chmod "$mode" "$2/${path#/}"; done
}
