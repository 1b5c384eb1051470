# Serverspec against a tree: results as JUnit and JSON in /dist. A repository adds its own specs in spec/.

run_specs() {
  local tree=$1 kind=$2 name=$3 folder paths=() code=0
  for folder in "$BUILDER/spec/shared" "$BUILDER/spec/$kind" "$WORKSPACE/spec"; do
    [ ! -d "$folder" ] || paths+=("$folder")
  done
  rm -f "$DIST/$name.junit.xml" "$DIST/$name.test.json"
  (
    cd "$WORK" || exit 1
    TREE="$tree" KIND="$kind" IMAGE_FILE="${4:-}" rspec --default-path "$WORK" -I "$BUILDER/spec" \
      --require spec_helper --pattern '**/*_spec.rb' --order defined --format documentation --no-color \
      --format RspecJunitFormatter --out "$DIST/$name.junit.xml" --format json --out "$DIST/$name.test.json" \
      "${paths[@]}"
  ) || code=$?
  hand_over
  # A spec that ends the process would hide those after it.
  jq -e '.summary | .example_count > 0 and .failure_count == 0 and .errors_outside_of_examples_count == 0' \
    "$DIST/$name.test.json" >/dev/null 2>&1 || code=1
  [ "$code" -eq 0 ] || fail "Serverspec: see $name.junit.xml"
}
