include "common";
# What a good board.json and a good versions.json must say together, and what a boot method needs beyond its own fields.
($versions[0].firmware // {}) as $firmware
| (.deviceTrees // [] | length) as $trees
| (.boot.parts // [] | to_entries[] | .key as $number | .value
    | (select(.source == "vendor" and $firmware[.name] == null)
        | "versions.json: firmware.\(.name): found nothing, expected url and sha256 of the vendor's file \(.name)"),
      # One around the partition table covers a part of the card's id, which must be known before packages are there.
      (select(.source == "package" and .offsetKiB == 0)
        | "board.json: boot.parts[\($number)].offsetKiB: found 0 for a package's file, expected a place behind the partition table")),
  (select($trees == 0 and .boot.script == "boot.ini")
    | "board.json: deviceTrees: found none, expected at least one: boot.ini loads the first"),
  (select($trees == 0 and .boot.method == "android-boot-image")
    | "board.json: deviceTrees: found none, expected at least one: the boot image has the first")
