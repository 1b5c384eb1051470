include "common";
fields([]; ["version", "rootfs"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  fields(["rootfs"]; ["armhf", "arm64", "armel", "amd64"]),
  ((.rootfs | objects | keys[]) as $architecture | ["rootfs", $architecture] as $path |
    fields($path; ["url", "sha256"]),
    expect($path + ["url"]; text("\\Ahttps?://[^\\s/]+/[^\\s]+\\z"; 2000) or is_path; "an http(s) URL or a path in this repository"),
    expect($path + ["sha256"]; text("\\A[0-9a-f]{64}\\z"; 64); "a SHA-256 in 64 lower-case hex digits")))
