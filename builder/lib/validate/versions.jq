include "common";
def is_bucket: text("\\As3://[a-z0-9-]{3,63}/(builds|releases)/(?!(.*/)?\\.{0,2}(/|$))[A-Za-z0-9_.+~/-]{1,800}\\z"; 2000);

def pin($path):
  fields($path; ["url", "sha256"]),
  expect($path + ["url"]; is_web or is_bucket or is_path; "an http(s) URL, s3://<artifact bucket>/builds|releases/…, or a path in this repository"),
  expect($path + ["sha256"]; is_sha256; sha256_expected);
def by_architecture($field):
  fields([$field]; ["armhf", "arm64", "armel", "amd64"]),
  ((at([$field]) | objects | keys[]) as $architecture | pin([$field, $architecture]));

fields([]; ["version", "rootfs", "kernel", "firmware"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  by_architecture("rootfs"),
  optional(["kernel"]; by_architecture("kernel")),
  optional(["firmware"];
    expect(["firmware"]; type == "object"; "a mapping of names to url and sha256"),
    ((at(["firmware"]) | objects | keys[]) as $name
      | (if ($name | is_slug) then empty else "\(field(["firmware", $name])): found this name, expected \(slug_expected)" end),
        pin(["firmware", $name]))))
