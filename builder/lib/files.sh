# The repository's files/: copied by name into the image, with modes as git knows them and root as the owner.

# check_files: only folders, plain files and links have a meaning in an image, and in its boot partition no links.
check_files() {
  local root="$WORKSPACE/files" boot="$WORKSPACE/files/boot/firmware" entry path
  [ -L "$root" ] && problem "files: found a symbolic link, expected a folder" && return 0
  [ -e "$root" ] || return 0
  [ -d "$root" ] || { problem "files: found $(stat -c %F "$root"), expected a folder" && return 0; }
  while ! enough && IFS= read -r -d '' entry; do
    problem "files/${entry#*/}: found a $(file_kind "${entry%%/*}"), expected a file, a folder or a symbolic link"
  done < <(find "$root" ! -type f ! -type d ! -type l -printf '%y/%P\0')
  while ! enough && IFS= read -r -d '' path; do
    problem "files/$path: found a name with control characters or no UTF-8, expected a name that can be printed"
  done < <(find "$root" -mindepth 1 -printf '%P\0' |
    perl -0 -ne 'chomp(my $name = $_); print if !utf8::decode($name) || $name =~ /\p{C}/')
  for path in proc sys dev run tmp; do
    [ ! -e "$root/$path" ] || problem "files/$path: found a folder that is empty until the board runs, expected other files"
  done
  for path in boot boot/firmware; do
    [ ! -L "$root/$path" ] || { problem "files/$path: found a symbolic link, expected a folder" && return 0; }
  done
  if [ -d "$boot" ]; then check_boot_files "$boot"; fi
  # Only a good board.json says how much there may be.
  [ ${#PROBLEMS[@]} -gt 0 ] || check_size "$root"
}

file_kind() {
  case "$1" in b) echo "block device" ;; c) echo "character device" ;; p) echo pipe ;; s) echo socket ;; *) echo "thing of another kind" ;; esac
}

check_boot_files() {
  local path
  while ! enough && IFS= read -r -d '' path; do
    problem "files/boot/firmware/$path: found a symbolic link, expected a file or a folder, because a FAT has no links"
  done < <(find "$1" -type l -printf '%P\0')
  while ! enough && IFS= read -r -d '' path; do
    problem "files/boot/firmware/$path: found a name that a FAT cannot keep, expected letters, digits and ._-+~, no dot at the end"
  done < <(find "$1" -mindepth 1 ! -type l -regextype posix-extended ! -regex '.*/[A-Za-z0-9._+~-]*[A-Za-z0-9_+~-]' -printf '%P\0')
}

# Before anything is copied: a sparse file costs nothing in a repository.
check_size() {
  local size limit
  size=$(find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')
  limit=$(jq '.partitions.root.sizeMiB // 1536 | floor' "$WORKSPACE/board.json")
  [ "$size" -lt $((limit * 1048576)) ] ||
    problem "files: found $size bytes in all, expected less than the root partition has, $limit MiB"
}

# copy_files <tree>: unpacked inside the tree, so that a link in it never leads out of it.
copy_files() {
  local tree=$1 stage="$WORK/files"
  [ -d "$WORKSPACE/files" ] || return 0
  rm -rf "$stage" && mkdir -p "$stage"
  tar --create --directory="$WORKSPACE/files" --exclude=./README.md . | tar --extract --directory="$stage" --no-same-owner
  check_places "$stage" "$tree"
  find "$stage" -type d -exec chmod 755 {} +
  find "$stage" -type f -perm /100 -exec chmod 755 {} +
  find "$stage" -type f ! -perm /100 -exec chmod 644 {} +
  tar --create --directory="$stage" --owner=0 --group=0 --mtime="@$SOURCE_DATE_EPOCH" --exclude=./boot/firmware . |
    in_tree "$tree" tar --extract --keep-directory-symlink --no-overwrite-dir
}

# check_places <stage> <tree>: no file or link takes a folder's place in the image, no folder a file's.
check_places() {
  local path misplaced=()
  while IFS= read -r -d '' path; do
    [ -L "$2/$path" ] || [ ! -d "$2/$path" ] || misplaced+=("files/$path: found no folder, expected a folder, as the image has there")
  done < <(find "$1" ! -type d -printf '%P\0')
  while IFS= read -r -d '' path; do
    [ -L "$2/$path" ] || [ ! -e "$2/$path" ] || [ -d "$2/$path" ] ||
      misplaced+=("files/$path: found a folder, expected a file, as the image has there")
  done < <(find "$1" -type d -printf '%P\0')
  [ ${#misplaced[@]} -eq 0 ] || wrong "${misplaced[@]}"
}

# copy_boot_files <tree>: the FAT partition's own files come last: they win over what a hook wrote.
copy_boot_files() {
  local folder="$1/boot/firmware" twice
  [ -d "$WORKSPACE/files/boot/firmware" ] || return 0
  cp -r --no-preserve=all "$WORKSPACE/files/boot/firmware/." "$folder/"
  twice=$(find "$folder" -mindepth 1 -printf '%P\n' | sort --ignore-case | uniq --ignore-case --repeated | head -n 1)
  [ -z "$twice" ] ||
    wrong "files/boot/firmware: found names that differ only in case, like $twice, expected names that a FAT can tell apart"
}
