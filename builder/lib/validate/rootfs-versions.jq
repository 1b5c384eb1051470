include "common";
def version_expected: "an exact version as apt shows it, 26.1.5+dfsg1-9 or 5:28.5.1-1~debian.13~trixie";
def is_version: text("\\A([0-9]{1,9}:)?[0-9][A-Za-z0-9.+~-]*\\z"; 100);

fields([]; ["version", "docker"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  fields(["docker"]; ["armhf", "arm64", "armel", "amd64"]),
  ((at(["docker"]) | objects | keys[]) as $architecture | ["docker", $architecture] as $path
    | fields($path; ["engine", "compose", "containerd"]),
      (("engine", "compose", "containerd") as $field
        | optional($path + [$field]; expect($path + [$field]; is_version; version_expected)))))
