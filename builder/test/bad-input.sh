#!/usr/bin/env bash
# Bad repositories, each with the line that `builder check` must say about it. Runs in the builder image:
#   docker run … --entrypoint /opt/builder/test/bad-input.sh <builder image>
set -euo pipefail

BUILDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failures=0

good_board='{"version":1,"name":"some-board","title":"Some Board","architecture":"arm64","kernel":{"package":"linux-image-arm64"},
  "boot":{"method":"u-boot","package":"u-boot-sunxi","file":"Some/spl.bin","offsetKiB":8},"deviceTrees":["a/b.dtb"],
  "partitions":{"boot":{"sizeMiB":256},"root":{"sizeMiB":1536}},"console":"ttyS0,115200","extraPackages":["htop"]}'
good_versions='{"version":1,"rootfs":{"arm64":{"url":"https://example.org/r.tar.zst","sha256":"'$(printf 'a%.0s' {1..64})'"}}}'

fresh() {
  rm -rf "$work/r" && mkdir -p "$work/r/files"
  printf '%s' "$good_board" >"$work/r/board.json"
  printf '%s' "$good_versions" >"$work/r/versions.json"
  printf '# none\nhtop\n' >"$work/r/packages.txt"
}

fresh_rootfs() {
  rm -rf "$work/r" && mkdir -p "$work/r"
  printf '{"version":1,"release":"trixie","architectures":["arm64"]}' >"$work/r/rootfs.json"
  printf 'htop\n' >"$work/r/packages.txt"
}

good_kernel='{"version":1,"name":"docker","release":"trixie","source":"linux-source-6.12","configs":{"arm64":{"from":"debian","flavour":"arm64"}}}'

fresh_kernel() {
  rm -rf "$work/r" && mkdir -p "$work/r/config/arm64"
  printf '%s' "$good_kernel" >"$work/r/kernel.json"
  printf '# none\n\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="a b"\nCONFIG_D=0x1F\n' >"$work/r/config/a.config"
  printf 'CONFIG_E=m\n' >"$work/r/config/arm64/b.config"
}

verdict() {
  count=$((count + 1))
  if [ "$1" = yes ]; then echo "ok $count - $2"; else
    echo "not ok $count - $2: $3"
    failures=$((failures + 1))
  fi
}

# says <line> <exit code>: what `check` prints and how it ends.
says() {
  local output code=0 ok=no
  output=$(WORKSPACE="$work/r" DIST="$work/d" CACHE="$work/c" WORK="$work/w" timeout 20 "$BUILDER/builder" check 2>&1) || code=$?
  [ "$code" != "$2" ] || ! { [ -z "$1" ] || grep -qxF -- "$1" <<<"$output"; } || ok=yes
  verdict "$ok" "${1:-good}" "exit code $code, $(tail -c 600 <<<"$output")"
}

# board <jq change> <what is said>; versions and rootfs alike.
board() { fresh; jq "$1" <<<"$good_board" >"$work/r/board.json"; says "error: board.json: $2" 2; }
versions() { fresh; jq "$1" <<<"$good_versions" >"$work/r/versions.json"; says "error: versions.json: $2" 2; }
rootfs() { fresh_rootfs; jq "$1" "$work/r/rootfs.json" >"$work/x" && mv "$work/x" "$work/r/rootfs.json"; says "error: rootfs.json: $2" 2; }
kernel() { fresh_kernel; jq "$1" <<<"$good_kernel" >"$work/r/kernel.json"; says "error: kernel.json: $2" 2; }
# fragment <shell in the repository> <what is said>
fragment() { fresh_kernel; (cd "$work/r" && eval "$1"); says "error: config$2" 2; }
packages() { fresh; printf '%b' "$1" >"$work/r/packages.txt"; says "error: packages.txt: $2" 2; }
# files <shell in the repository> <what is said>
files() { fresh; (cd "$work/r" && eval "$1"); says "error: $2" 2; }

package="a Debian package name: at least 2 lower-case letters, digits, '+', '-' and '.'"
path="a relative path without . and .. segments"

fresh; says "" 0
fresh_rootfs; says "" 0
board '.version = 2' "version: found 2, expected 1, the version that this builder reads"
board 'del(.version)' "version: found nothing, expected 1, the version that this builder reads"
board '.name = "../etc"' 'name: found "../etc", expected lower-case letters, digits and single hyphens between them, at most 40 characters'
board '.name = "a\n"' 'name: found "a\n", expected lower-case letters, digits and single hyphens between them, at most 40 characters'
board '.title = "a\u001b[2Jb"' 'title: found "a\u001b[2Jb", expected one line of 1 to 100 characters'
board '.title = 7' 'title: found 7, expected one line of 1 to 100 characters'
board '.architecture = "riscv64"' 'architecture: found "riscv64", expected one of armhf, arm64, armel, amd64'
board '.kernel = "linux"' 'kernel: found "linux", expected a mapping'
board '.kernel.package = "linux; rm -rf /"' "kernel.package: found \"linux; rm -rf /\", expected $package"
board '.kernel.package = "-oAPT::x=y"' "kernel.package: found \"-oAPT::x=y\", expected $package"
board '.boot.method = "grub"' 'boot.method: found "grub", expected one of raspi-firmware, u-boot, u-boot-parts, android-boot-image'
board '.boot = {"method":"android-boot-image","pageSizeBytes":2048} | .deviceTrees = []' 'deviceTrees: found none, expected at least one: the boot image has the first'
parts='.boot = {"method":"u-boot-parts","script":"boot.ini","parts":[{"source":"vendor","name":"bl1","maximumKiB":1,"license":"x","offsetKiB":0}]}'
fresh; jq "$parts" <<<"$good_board" >"$work/r/board.json"; says "error: versions.json: firmware.bl1: found nothing, expected url and sha256 of the vendor's file bl1" 2
board "$parts | .deviceTrees = []" 'deviceTrees: found none, expected at least one: boot.ini loads the first'
board "$parts | .boot.header = \"reset\"" 'boot.header: found "reset", expected a line of capital letters, digits and hyphens, at most 40'
board "$parts | .boot.addresses = {\"kernel\":\"0x1\",\"initramfs\":\"0x1\",\"deviceTree\":\"0x1; reset\"}" 'boot.addresses.deviceTree: found "0x1; reset", expected an address in memory like 0x11000000'
board '.boot = {"method":"u-boot-parts","script":"extlinux","parts":[{"source":"package","package":"u-boot-x","file":"x","offsetKiB":0}]}' "boot.parts[0].offsetKiB: found 0 for a package's file, expected a place behind the partition table"
board '.boot = {"method":"raspi-firmware","file":"x"}' 'boot.file: found an unknown field, expected one of method'
board '.boot.file = "../../etc/shadow"' "boot.file: found \"../../etc/shadow\", expected $path"
board '.boot.file = "/etc/shadow"' "boot.file: found \"/etc/shadow\", expected $path"
board '.boot.offsetKiB = 0' 'boot.offsetKiB: found 0, expected a whole number of KiB from 1 to 1023: after the partition table, before the first partition'
board '.boot.offsetKiB = 8.5' 'boot.offsetKiB: found 8.5, expected a whole number of KiB from 1 to 1023: after the partition table, before the first partition'
board '.deviceTrees = ["../x.dtb"]' "deviceTrees[0]: found \"../x.dtb\", expected a device tree file that ends in .dtb, relative to the kernel's device tree folder"
board '.deviceTrees = "x.dtb"' 'deviceTrees: found "x.dtb", expected a list'
board '.partitions.root.sizeMiB = 1e9' 'partitions.root.sizeMiB: found 1E+9, expected a whole number of MiB from 512 to 16384'
board '.partitions.boot.sizeMiB = "256"' 'partitions.boot.sizeMiB: found "256", expected a whole number of MiB from 64 to 2048'
board '.console = "ttyS0 init=/bin/sh"' 'console: found "ttyS0 init=/bin/sh", expected a serial console as the kernel takes it, ttyS0,115200'
board '.extraPackages = ["htop", 3]' "extraPackages[1]: found 3, expected $package"
board '.extra = 1' 'extra: found an unknown field, expected one of version, name, title, architecture, kernel, boot, deviceTrees, partitions, console, extraPackages'
board '[]' 'found [], expected a mapping'
versions '.version = "1"' 'version: found "1", expected 1, the version that this builder reads'
versions 'del(.rootfs)' 'rootfs: found nothing, expected a mapping'
versions '.rootfs.mips = {}' 'rootfs.mips: found an unknown field, expected one of armhf, arm64, armel, amd64'
versions '.rootfs.arm64.sha256 = "ABC"' 'rootfs.arm64.sha256: found "ABC", expected a SHA-256 in 64 lower-case hex digits'
versions '.rootfs.arm64.url = "file:///etc/shadow"' 'rootfs.arm64.url: found "file:///etc/shadow", expected an http(s) URL, s3://<artifact bucket>/builds|releases/…, or a path in this repository'
versions '.rootfs.arm64.url = "../other/rootfs.tar.zst"' 'rootfs.arm64.url: found "../other/rootfs.tar.zst", expected an http(s) URL, s3://<artifact bucket>/builds|releases/…, or a path in this repository'
versions '.rootfs.arm64 = "x"' 'rootfs.arm64: found "x", expected a mapping'
rootfs '.release = "sid"' 'release: found "sid", expected trixie'
rootfs '.architectures = []' 'architectures: found [], expected a list of different architectures, at least one'
rootfs '.architectures = ["arm64","arm64"]' 'architectures: found ["arm64","arm64"], expected a list of different architectures, at least one'
rootfs '.architectures = ["x86"]' 'architectures[0]: found "x86", expected one of armhf, arm64, armel, amd64'
fresh_kernel; says "" 0
fresh_kernel; rm -r "$work/r/config"; says "" 0
kernel '.source = "linux-image-arm64"' 'source: found "linux-image-arm64", expected a Debian package of the kernel'"'"'s source, linux-source-6.12'
kernel '.configs = {}' 'configs: found {}, expected a mapping of Debian architectures to what their config begins with, at least one'
kernel '.configs.arm64.flavour = "../x"' 'configs.arm64.flavour: found "../x", expected lower-case letters, digits and single hyphens between them, at most 40 characters'
kernel '.configs.armhf = {"from": "source", "target": "x; defconfig"}' 'configs.armhf.target: found "x; defconfig", expected a config of the kernel'"'"'s source, defconfig or multi_v7_defconfig'
fragment 'echo "CONFIG_X = y" >config/a.config' '/a.config: line 1: found CONFIG_X = y, expected CONFIG_<option>=<value>, # CONFIG_<option> is not set, or a comment'
fragment 'echo "CONFIG_X=\"a\";b" >config/a.config' '/a.config: line 1: found CONFIG_X="a";b, expected CONFIG_<option>=<value>, # CONFIG_<option> is not set, or a comment'
fragment 'echo "# CONFIG_X=y" >config/a.config' '/a.config: line 1: found # CONFIG_X=y, expected CONFIG_<option>=<value>, # CONFIG_<option> is not set, or a comment'
fragment 'echo "CONFIG_A=n" >config/arm64/b.config' '/arm64/b.config: line 1: found CONFIG_A again, expected each option once (config/a.config: line 3)'
fragment 'ln -sf /etc/passwd config/a.config' '/a.config: found a symbolic link, expected a plain file'
fragment 'rm -r config; ln -s /etc config' ': found a symbolic link, expected a folder'
fragment 'truncate -s 100M config/a.config' '/a.config: found 104857600 bytes, expected at most 1048576'
fragment 'cp config/a.config "config/a|b.config"' '/a|b.config: found a name with other characters, expected letters, digits and ._+-'
fragment 'mkdir config/x.config' '/x.config: found directory, expected a plain file'
docker='{"source":"docker","url":"https://download.docker.com/linux/debian","channel":"stable","key":{"url":"docker.asc","sha256":"'$(printf 'a%.0s' {1..64})'"},"architectures":["arm64"]}'
rootfs '.docker = {"source":"snap"}' 'docker.source: found "snap", expected one of debian, docker'
rootfs ".docker = $docker | .docker.channel = \"nightly\"" 'docker.channel: found "nightly", expected one of stable, test'
rootfs ".docker = $docker | .docker.architectures = [\"armel\"]" 'docker.architectures[0]: found "armel", expected one of armhf, arm64, amd64'
# dockers <docker of rootfs.json> <versions.json> <packages.txt> <what is said>
dockers() { fresh_rootfs; jq ".docker = $1" "$work/r/rootfs.json" >"$work/x" && mv "$work/x" "$work/r/rootfs.json"; printf '%s' "$2" >"$work/r/versions.json"; printf '%b' "$3" >"$work/r/packages.txt"; says "${4:+error: $4}" "${5:-2}"; }
debian='{"source":"debian"}' no_pins='{"version":1,"docker":{}}'
dockers "$debian" '{"version":1,"docker":{"arm64":{"engine":"26.1.5+dfsg1-9","compose":"2.26.1-4"}}}' 'htop\ndocker.io\n' '' 0
dockers "$docker" "$no_pins" 'htop\n' '' 0
dockers "$docker" "$no_pins" 'htop\n# Debian\ndocker.io # why\n' "packages.txt: line 3: found docker.io, expected no package of Debian's Docker: rootfs.json says which Docker there is"
dockers "$debian" '{"version":1,"docker":{"arm64":{"engine":"26.*"}}}' '' 'versions.json: docker.arm64.engine: found "26.*", expected an exact version as apt shows it, 26.1.5+dfsg1-9 or 5:28.5.1-1~debian.13~trixie'
dockers "$debian" '{"version":1,"docker":{"arm64":{"runc":"1"}}}' '' 'versions.json: docker.arm64.runc: found an unknown field, expected one of engine, compose, containerd'
dockers "$debian" '{"version":1,"docker":{"armhf":{}}}' '' 'versions.json: docker.armhf: found pins, expected only architectures that rootfs.json has: arm64'
dockers "$debian" "$good_versions" '' 'versions.json: rootfs: found an unknown field, expected one of version, docker'
packages 'htop\nhtop\n' 'line 2: found htop again, expected each package once (line 1)'
packages 'Htop\n' "line 1: found Htop, expected $package"
packages -- "line 1: found --, expected $package"
packages 'a b\n' "line 1: found a b, expected $package"
packages 'htop/sid\n' "line 1: found htop/sid, expected $package"
json='what is no JSON'
files 'echo "{" >board.json' "board.json: found $json (Expecting property name enclosed in double quotes at line 2, column 1), expected one JSON document"
files ': >board.json' "board.json: found $json (Expecting value at line 1, column 1), expected one JSON document"
files 'echo 1 2 >versions.json' "versions.json: found $json (Extra data at line 1, column 3), expected one JSON document"
files 'rm versions.json' 'versions.json: found nothing, expected a plain file'
files 'rm packages.txt' 'packages.txt: found nothing, expected a plain file'
files 'ln -sf /etc/passwd packages.txt' 'packages.txt: found a symbolic link, expected a plain file'
files 'ln -sf /etc/passwd versions.json' 'versions.json: found a symbolic link, expected a plain file'
files 'rm packages.txt; mkdir packages.txt' 'packages.txt: found directory, expected a plain file'
files 'rm packages.txt; mkfifo packages.txt' 'packages.txt: found fifo, expected a plain file'
files 'truncate -s 100M packages.txt' 'packages.txt: found 104857600 bytes, expected at most 1048576'
files 'truncate -s 100M board.json' 'board.json: found 104857600 bytes, expected at most 1048576'
files 'rmdir files; ln -s /etc files' 'files: found a symbolic link, expected a folder'
files 'rmdir files; : >files' 'files: found regular empty file, expected a folder'
files 'mkfifo files/pipe' 'files/pipe: found a pipe, expected a file, a folder or a symbolic link'
files 'mkdir -p files/proc' 'files/proc: found a folder that is empty until the board runs, expected other files'

# Hostile: what is meant to be read in another way than it is checked, to run for ever, or to eat memory or disk.
board_text() { fresh; printf '%b' "$1" >"$work/r/board.json"; says "error: board.json: $2" 2; }
board_text '\xff\xfe{\x00}\x00' 'found a byte that is no UTF-8 at offset 0, expected UTF-8'
board_text '\xef\xbb\xbf{}' "found $json (Unexpected UTF-8 BOM (decode using utf-8-sig) at line 1, column 1), expected one JSON document"
board_text '{"title":"a\xc3"}' 'found a byte that is no UTF-8 at offset 11, expected UTF-8'
board_text '\x7fELF\x02\x01\x01\x00\x00\x80\x80' 'found a byte that is no UTF-8 at offset 9, expected UTF-8'
board_text '{"title":"a\x1b[2Jb"}' "found $json (Invalid control character at at line 1, column 12), expected one JSON document"
board_text '{"name":"a","title":"b","name":"c"}' 'found the field "name" twice in one mapping, expected each once'
board_text '{"boot":{"method":"u-boot","method":"raspi-firmware"}}' 'found the field "method" twice in one mapping, expected each once'
board_text '{"version":NaN}' 'found NaN, which is no JSON, expected a JSON document'
board_text '{"partitions":{"root":{"sizeMiB":-Infinity}}}' 'found -Infinity, which is no JSON, expected a JSON document'
files 'head -c 1000000 /dev/zero | tr "\0" "[" >board.json' 'board.json: found 1000000 levels of lists and mappings, expected at most 100'
files '{ head -c 9000 /dev/zero | tr "\0" "["; head -c 9000 /dev/zero | tr "\0" "]"; } >versions.json' 'versions.json: found 9000 levels of lists and mappings, expected at most 100'
files '{ printf "{\"version\":"; head -c 1000000 /dev/zero | tr "\0" 9; echo "}"; } >rootfs.json; rm board.json' "rootfs.json: version: found $(printf '9%.0s' {1..100})…, expected 1, the version that this builder reads"
files 'head -c 1000000 /dev/urandom >versions.json; printf "\xff" | dd of=versions.json conv=notrunc status=none' 'versions.json: found a byte that is no UTF-8 at offset 0, expected UTF-8'
files '{ printf "{\"x\":1"; seq -f ",\"f%.0f\":0" 80000; printf "}"; } >board.json' 'and more: these are the first 50'
board '.title = ("a" * 900000)' "title: found \"$(printf 'a%.0s' {1..99})…, expected one line of 1 to 100 characters"
board '.title = "a\u202eb"' 'title: found "ab", expected one line of 1 to 100 characters'
packages '\x68\x00\x74\x00\x6f\x00\x70\x00\n' "line 1: found h?t?o?p?, expected $package"
packages 'ht\x00op\n' "line 1: found ht?op, expected $package"
packages 'a\x1b]0;title\x07b\n' "line 1: found a]0;titleb, expected $package"
files 'head -c 1000000 /dev/zero | tr "\0" a >packages.txt' "packages.txt: line 1: found $(printf 'a%.0s' {1..80}), expected $package"
files 'seq -f "package-%.0f" 60000 >packages.txt; seq -f "package-%.0f" 2000 >>packages.txt' 'packages.txt: line 60001: found package-1 again, expected each package once (line 1)'
files 'truncate -s 100M versions.json' 'versions.json: found 104857600 bytes, expected at most 1048576'
files 'truncate -s 4G files/huge' 'files: found 4294967296 bytes in all, expected less than the root partition has, 1536 MiB'
files 'mknod files/disk b 8 0' 'files/disk: found a block device, expected a file, a folder or a symbolic link'
files 'mkdir files/etc; mknod files/etc/null c 1 3' 'files/etc/null: found a character device, expected a file, a folder or a symbolic link'
files 'rm board.json; mknod board.json c 1 5' 'board.json: found character special file, expected a plain file'
# shellcheck disable=SC2016 # evaluated in the repository
files 'touch "files/$(printf "a\033[2Jb")"' 'files/a[2Jb: found a name with control characters or no UTF-8, expected a name that can be printed'
# shellcheck disable=SC2016
files 'touch "files/$(printf "a\nerror: b")"' 'files/a error: b: found a name with control characters or no UTF-8, expected a name that can be printed'
# shellcheck disable=SC2016
files 'touch "files/$(printf "a\xffb")"' 'files/ab: found a name with control characters or no UTF-8, expected a name that can be printed'
files 'ln -s /etc files/boot' 'files/boot: found a symbolic link, expected a folder'
files 'mkdir files/boot; ln -s /cache files/boot/firmware' 'files/boot/firmware: found a symbolic link, expected a folder'
files 'mkdir -p files/boot/firmware; ln -s /etc/shadow files/boot/firmware/user-data' 'files/boot/firmware/user-data: found a symbolic link, expected a file or a folder, because a FAT has no links'
files 'mkdir -p files/boot/firmware; touch "files/boot/firmware/a:b"' 'files/boot/firmware/a:b: found a name that a FAT cannot keep, expected letters, digits and ._-+~, no dot at the end'
fresh; mkdir -p "$work/r/files/etc"; ln -s ../../../../../../etc/passwd "$work/r/files/etc/link"; says "" 0
files 'cp board.json rootfs.json' "$work/r: found board.json and rootfs.json, expected one of them"
files 'rm board.json' "$work/r: found none of board.json, kernel.json, rootfs.json, expected one of them"

# What only a build sees: the root filesystem that is pinned. Of this machine's own architecture, so that no emulation is
# asked for.
architecture=$(dpkg --print-architecture)
# pinned <url> <sha256> <shell in the repository> <what is said> <exit code>
pinned() {
  local output code=0 ok=no
  fresh
  jq --arg a "$architecture" '.architecture = $a' <<<"$good_board" >"$work/r/board.json"
  jq -n --arg a "$architecture" --arg url "$1" --arg sha256 "$2" '{version: 1, rootfs: {($a): {$url, $sha256}}}' >"$work/r/versions.json"
  (cd "$work/r" && eval "$3")
  output=$(HYPRIOTOS_VERSION=1.0.0 SOURCE_DATE_EPOCH=1700000000 WORKSPACE="$work/r" DIST="$work/d" CACHE="$work/c" ARTIFACTS="$work/a" \
    WORK="$work/w" timeout 60 "$BUILDER/builder" build 2>&1) || code=$?
  [ "$code" != "$5" ] || ! grep -qxF -- "error: versions.json: rootfs.$architecture$4" <<<"$output" || ok=yes
  verdict "$ok" "$4" "exit code $code, $(tail -c 600 <<<"$output")"
  rm -rf "$work/a" "$work/c" "$work/w"
}
junk_sha256=$(printf 'junk\n' | sha256sum | cut -c1-64)
other_sha256=$(printf 'b%.0s' {1..64})
s3="s3://some-bucket/builds/os-rootfs/0/rootfs.tar.zst"
by_hand="the pipeline's runner fetches it; by hand: aws s3 cp $s3 \$CACHE/artifacts/$other_sha256, with CACHE as the Makefile has it"
unreachable=".url: found $s3, which no build can reach, expected the file at /artifacts/$other_sha256 or /cache/artifacts/$other_sha256: $by_hand"
no_file="which is no file of this repository, expected an http(s) URL, an s3:// address or such a file"
no_rootfs=": found a file that is no root filesystem, expected a .tar.zst as the rootfs repository makes it"
pinned "$s3" "$other_sha256" : "$unreachable" 2
pinned "$s3" "$other_sha256" "mkdir ../a; echo junk >../a/$other_sha256" "$unreachable" 2
pinned "$s3" "$junk_sha256" "mkdir ../a; echo junk >../a/$junk_sha256" "$no_rootfs" 2
pinned "$s3" "$junk_sha256" "mkdir -p ../c/artifacts; echo junk >../c/artifacts/$junk_sha256" "$no_rootfs" 2
pinned dist/none "$other_sha256" : ".url: found dist/none, $no_file" 2
pinned dist "$other_sha256" "mkdir dist" ".url: found dist, $no_file" 2
pinned link "$other_sha256" "ln -s /etc/passwd link" ".url: found link, $no_file" 2
pinned folder/passwd "$other_sha256" "ln -s /etc folder" ".url: found folder/passwd, $no_file" 2
pinned junk "$other_sha256" "echo junk >junk" ".sha256: found a file with $junk_sha256 at junk, expected $other_sha256" 2
pinned https://127.0.0.1:1/r "$other_sha256" : ".url: found https://127.0.0.1:1/r, which cannot be fetched, expected the pinned root filesystem" 1

echo "1..$count"
[ "$failures" -eq 0 ] || { echo "error: $failures of $count" >&2; exit 1; }
