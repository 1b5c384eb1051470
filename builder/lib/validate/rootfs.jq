include "common";
def docker_expected: "one of armhf, arm64, amd64";
def docker:
  ["docker"] as $d
  | expect($d; type == "object"; "a mapping"),
    (select(at($d) | type == "object") |
      expect($d + ["source"]; . == "debian" or . == "docker"; "one of debian, docker")),
    (select(at($d + ["source"]) == "debian") | fields($d; ["source"])),
    (select(at($d + ["source"]) == "docker") |
      fields($d; ["source", "url", "channel", "key", "architectures"]),
      expect($d + ["url"]; text("\\Ahttps?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~%+-]+)+\\z"; 500);
        "an http(s) URL of a Debian repository, https://download.docker.com/linux/debian, without a slash at its end"),
      expect($d + ["channel"]; . == "stable" or . == "test"; "one of stable, test"),
      fields($d + ["key"]; ["url", "sha256"]),
      expect($d + ["key", "url"]; is_web or is_path; "an http(s) URL, or a path in the rootfs repository"),
      expect($d + ["key", "sha256"]; is_sha256; sha256_expected),
      expect($d + ["architectures"]; type == "array" and length > 0; "a list of at least \(docker_expected)"),
      (items($d + ["architectures"]) as $path | expect($path; IN("armhf", "arm64", "amd64"); docker_expected)),
      each_once($d + ["architectures"]));

fields([]; ["version", "release", "architectures", "docker"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  expect(["release"]; . == "trixie"; "trixie"),
  expect(["architectures"]; type == "array" and length > 0 and (unique | length) == length; "a list of different architectures, at least one"),
  (items(["architectures"]) as $path | expect($path; is_architecture; architecture_expected)),
  optional(["docker"]; docker))
