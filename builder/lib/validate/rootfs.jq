include "common";
fields([]; ["version", "release", "architectures"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  expect(["release"]; . == "trixie"; "trixie"),
  expect(["architectures"]; type == "array" and length > 0 and (unique | length) == length; "a list of different architectures, at least one"),
  (items(["architectures"]) as $path | expect($path; is_architecture; architecture_expected)))
