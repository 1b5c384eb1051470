# What a finished tree must not contain, and times that come from the commit.

# clean_tree <tree>: takes out what belongs to one machine, one build or one minute.
clean_tree() {
  local tree=$1
  rm -f "$tree"/etc/ssh/ssh_host_* "$tree"/var/lib/systemd/random-seed "$tree"/var/lib/dbus/machine-id \
    "$tree"/var/lib/dpkg/*-old "$tree"/var/lib/dpkg/lock* "$tree"/var/lib/dpkg/triggers/Lock "$tree"/var/lib/dpkg/arch \
    "$tree"/var/cache/debconf/*-old "$tree"/etc/passwd- "$tree"/etc/shadow- "$tree"/etc/group- "$tree"/etc/gshadow- \
    "$tree"/etc/subuid- "$tree"/etc/subgid- "$tree"/var/cache/ldconfig/aux-cache "$tree"/etc/.pwd.lock \
    "$tree"/usr/sbin/policy-rc.d "$tree"/root/.bash_history "$tree"/var/lib/apt/extended_states.lock
  rm -rf "$tree"/var/lib/apt/lists "$tree"/var/cache/apt "$tree"/var/lib/apt/periodic "$tree"/var/cache/man
  mkdir -p "$tree"/var/lib/apt/lists/partial "$tree"/var/cache/apt/archives/partial
  chmod 700 "$tree"/var/lib/apt/lists/partial "$tree"/var/cache/apt/archives/partial
  chown 42:0 "$tree"/var/lib/apt/lists/partial "$tree"/var/cache/apt/archives/partial
  find "$tree/var/log" -type f -delete
  find "$tree/tmp" "$tree/var/tmp" "$tree/run" "$tree/dev" "$tree/proc" "$tree/sys" -mindepth 1 -delete
  # systemd fills an empty file at first boot; "uninitialized" would re-apply presets over what the image enables.
  : >"$tree/etc/machine-id"
  # mmdebstrap and maintainer scripts copy the builder's own.
  rm -f "$tree/etc/resolv.conf"
  # The day of the last password change is today's, in days since 1970.
  [ ! -e "$tree/etc/shadow" ] ||
    sed -i -E "s/^([^:]*:[^:]*:)[0-9]+:/\1$((SOURCE_DATE_EPOCH / 86400)):/" "$tree/etc/shadow"
}

# clamp_times <tree> [<seconds>]: no file is newer than that, by default than the commit. A folder's time tells only
# whether something was in it for a while: with a warm cache it was not.
clamp_times() {
  local limit=${2:-$SOURCE_DATE_EPOCH}
  find "$1" -type d -print0 | xargs -0r touch --date="@$limit"
  find "$1" -newermt "@$limit" -print0 | xargs -0r touch --no-dereference --date="@$limit"
}

# newest_time <tree>: seconds.
newest_time() {
  find "$1" ! -type d -printf '%T@\n' | cut -d. -f1 | sort -n | tail -n 1
}

# pack_tree <tree> <file> [<level>]: the same tree gives the same bytes. How many threads is part of that.
pack_tree() {
  tar --create --directory="$1" --sort=name --numeric-owner --format=posix --xattrs --xattrs-include='*' \
    --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime . |
    zstd -q -T2 "-${3:-10}" -o "$2" --force
}

# unpack_tree <file> <tree> [<path…>]: only these paths, by default all.
unpack_tree() {
  local file=$1 tree=$2
  shift 2
  mkdir -p "$tree"
  zstd -q -dc "$file" |
    tar --extract --directory="$tree" --numeric-owner --preserve-permissions --xattrs --xattrs-include='*' "$@"
}
