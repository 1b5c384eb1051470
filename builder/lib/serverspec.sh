# Serverspec against a tree or a running board: results as JUnit and JSON in /dist. A repository adds its own specs in
# spec/, and in spec/booted/ for a board that runs.

# run_specs <tree> <rootfs, kernel, image or booted> <name of the results> [<image>]
run_specs() {
  local tree=$1 kind=$2 name=$3 folder paths=() code=0
  while read -r folder; do
    [ ! -d "$folder" ] || paths+=("$folder")
  done < <(spec_folders "$kind")
  rm -f "$DIST/$name.junit.xml" "$DIST/$name.test.json"
  (
    cd "$WORK" || exit 1
    # The last is the suite's name in JUnit, behind "rspec".
    TREE="$tree" KIND="$kind" IMAGE_FILE="${4:-}" TEST_ENV_NUMBER=" $name" rspec --default-path "$WORK" -I "$BUILDER/spec" \
      --require spec_helper --pattern '**/*_spec.rb' --exclude-pattern "$(other_specs "$kind")" \
      --order defined --format documentation --no-color \
      --format RspecJunitFormatter --out "$DIST/$name.junit.xml" --format json --out "$DIST/$name.test.json" \
      "${paths[@]}"
  ) || code=$?
  hand_over
  # A spec that ends the process would hide those after it.
  jq -e '.summary | .example_count > 0 and .failure_count == 0 and .errors_outside_of_examples_count == 0' \
    "$DIST/$name.test.json" >/dev/null 2>&1 || code=1
  [ "$code" -eq 0 ] || fail "Serverspec: see $name.junit.xml"
}

# A running board is an image too: what holds for no card that ran is tagged :unbooted.
spec_folders() {
  case "$1" in
    booted) printf '%s\n' "$BUILDER"/spec/{booted,shared,image} "$WORKSPACE/spec/booted" ;;
    # What is shared is about a system.
    kernel) printf '%s\n' "$BUILDER/spec/kernel" "$WORKSPACE/spec" ;;
    *) printf '%s\n' "$BUILDER"/spec/{shared,"$1"} "$WORKSPACE/spec" ;;
  esac
}

other_specs() {
  [ "$1" = booted ] || printf '%s\n' "$WORKSPACE/spec/booted/**/*_spec.rb"
}
