# Serverspec against a tree: results as JUnit and JSON in /dist. A repository adds its own specs in spec/.

run_specs() {
  local tree=$1 kind=$2 name=$3 paths=("$BUILDER/spec/shared" "$BUILDER/spec/$2") code=0
  [ ! -d "$WORKSPACE/spec" ] || paths+=("$WORKSPACE/spec")
  (
    cd "$WORK"
    TREE="$tree" KIND="$kind" IMAGE_FILE="${4:-}" rspec --default-path "$WORK" -I "$BUILDER/spec" \
      --require spec_helper --pattern '**/*_spec.rb' --order defined --format documentation --force-color \
      --format RspecJunitFormatter --out "$DIST/$name.junit.xml" --format json --out "$DIST/$name.test.json" \
      "${paths[@]}"
  ) || code=$?
  hand_over
  [ "$code" -eq 0 ] || fail "Serverspec: see $name.junit.xml"
}
