# Tests a board that runs, wherever it is, over SSH: BOARD_ADDRESS, BOARD_PORT, BOARD_USER, BOARD_KEY or BOARD_PASSWORD.

check_board() {
  local problems=()
  [[ ${BOARD_ADDRESS:-} =~ ^[0-9A-Za-z][0-9A-Za-z.:-]*$ ]] ||
    problems+=("BOARD: found ${BOARD_ADDRESS:-nothing}, expected a board's address: make test-integration BOARD=<address>")
  [[ $BOARD_PORT =~ ^[1-9][0-9]{0,4}$ ]] || problems+=("BOARD_PORT: found $BOARD_PORT, expected a port")
  [ -z "${BOARD_KEY:-}" ] || [ -f "$BOARD_KEY" ] ||
    problems+=("BOARD_KEY: found no file, expected the file of a private key")
  [ ${#problems[@]} -eq 0 ] || wrong "${problems[@]}"
}

BOARD_PORT=${BOARD_PORT:-22} BOARD_USER=${BOARD_USER:-pirate}
export BOARD_PORT BOARD_USER
read_board
check_board
phase "board: first boot to its end"
code=0
version=$(timeout "${BOARD_SECONDS:-900}" ruby "$BUILDER/boot-test/await.rb") || code=$?
[ "$code" -ne 124 ] || fail "BOARD: found a board that does not come to its end within ${BOARD_SECONDS:-900} seconds, expected cloud-init and systemd to finish"
[ "$code" -eq 0 ] || exit 2
# The card's own version, unless a certain one is asked for.
VERSION=${HYPRIOTOS_VERSION:-${version:-$VERSION}}
phase "board: tests"
run_specs "" booted "$IMAGE.integration"
phase
