include "common";
# In printable ASCII and without a user's name and password, which logs would tell.
def is_web: text("\\Ahttps?://[!-.0-?A-~]+/[!-~]+\\z"; 2000);
def is_bucket: text("\\As3://[a-z0-9-]{3,63}/(builds|releases)/(?!(.*/)?\\.{0,2}(/|$))[A-Za-z0-9_.+~/-]{1,800}\\z"; 2000);

fields([]; ["version", "rootfs"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  fields(["rootfs"]; ["armhf", "arm64", "armel", "amd64"]),
  ((.rootfs | objects | keys[]) as $architecture | ["rootfs", $architecture] as $path |
    fields($path; ["url", "sha256"]),
    expect($path + ["url"]; is_web or is_bucket or is_path; "an http(s) URL, s3://<artifact bucket>/builds|releases/…, or a path in this repository"),
    expect($path + ["sha256"]; text("\\A[0-9a-f]{64}\\z"; 64); "a SHA-256 in 64 lower-case hex digits")))
