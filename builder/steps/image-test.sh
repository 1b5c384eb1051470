# Tests the image that `build` left in /dist, from its own bytes.

read_board
require_emulation "$ARCHITECTURE"
[ -f "$DIST/$IMAGE.img.zst" ] || wrong "$DIST/$IMAGE.img.zst: found nothing, expected an image: run build first"
phase "unpack image"
zstd -q -d -f "$DIST/$IMAGE.img.zst" -o "$WORK/$IMAGE.img"
open_image "$WORK/$IMAGE.img" "$WORK/test"
lend_devices "$WORK/test"
phase "tests"
run_specs "$WORK/test" image "$IMAGE" "$WORK/$IMAGE.img"
phase
