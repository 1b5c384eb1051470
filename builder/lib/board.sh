# What board.json says, with the contract's defaults.

board() {
  jq -r "$1 // empty" <<<"$BOARD_JSON"
}

# Sets BOARD_JSON (defaults filled in), BOARD, ARCHITECTURE, CONSOLE and the ids of the card.
read_board() {
  BOARD_JSON=$(jq '
    .deviceTrees //= [] | .extraPackages //= [] | .console //= "ttyS0,115200"
    | .partitions.boot.sizeMiB //= 256 | .partitions.root.sizeMiB //= 1536' "$WORKSPACE/board.json")
  BOARD=$(board .name)
  ARCHITECTURE=$(board .architecture)
  CONSOLE=$(board .console)
  IMAGE="hypriotos-$BOARD-$VERSION"
  DISK_ID=$(stable_hex 8 disk)
  BOOT_ID=$(stable_hex 8 boot)
  ROOT_UUID=$(stable_uuid root)
  BOOT_PARTUUID="$DISK_ID-01"
  ROOT_PARTUUID="$DISK_ID-02"
  BOOT_LABEL=HYPRIOTOS
  export BOARD_JSON BOARD ARCHITECTURE CONSOLE IMAGE DISK_ID BOOT_ID ROOT_UUID BOOT_PARTUUID ROOT_PARTUUID BOOT_LABEL
}
