include "common";
def target_expected: "a config of the kernel's source, defconfig or multi_v7_defconfig";
def base_config($path):
  if at($path) | type != "object" then bad($path; "a mapping with from")
  else
    expect($path + ["from"]; IN("debian", "source"); "one of debian, source"),
    (select(at($path + ["from"]) == "debian") |
      fields($path; ["from", "flavour"]),
      expect($path + ["flavour"]; is_slug; slug_expected)),
    (select(at($path + ["from"]) == "source") |
      fields($path; ["from", "target"]),
      expect($path + ["target"]; text("\\A([a-z0-9_]{1,60}_)?defconfig\\z|\\A(tiny|allno)config\\z"; 100); target_expected))
  end;

fields([]; ["version", "name", "release", "source", "configs"]),
(select(type == "object") |
  expect(["version"]; . == 1; "1, the version that this builder reads"),
  expect(["name"]; is_slug; slug_expected),
  expect(["release"]; . == "trixie"; "trixie"),
  expect(["source"]; text("\\Alinux-source-[1-9][0-9]?\\.[0-9]{1,3}\\z"; 40); "a Debian package of the kernel's source, linux-source-6.12"),
  (if at(["configs"]) == {} then bad(["configs"]; "a mapping of Debian architectures to what their config begins with, at least one")
   else fields(["configs"]; ["armhf", "arm64", "armel", "amd64"]) end),
  ((at(["configs"]) | objects | keys[] | select(is_architecture)) as $architecture | base_config(["configs", $architecture])))
