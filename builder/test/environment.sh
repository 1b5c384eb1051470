# For a shell in the builder image after `builder test`: what rspec needs to run one spec file again.
BUILDER=/opt/builder WORKSPACE=${WORKSPACE:-/workspace} DIST=${DIST:-/dist} WORK=${WORK:-/build}
export BUILDER WORKSPACE DIST WORK LC_ALL=C.UTF-8 TZ=UTC
for file in "$BUILDER"/lib/*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done
read_identity
if [ -e "$WORKSPACE/board.json" ]; then
  read_board
  export KIND=image IMAGE_FILE="$WORK/$IMAGE.img"
else
  ARCHITECTURE=${ARCHITECTURE:-$(jq -r '.architectures[-1]' "$WORKSPACE/rootfs.json")}
  export KIND=rootfs ARCHITECTURE
fi
export TREE="$WORK/test"
