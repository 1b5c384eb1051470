# Results by content: an entry's name is the digest of everything that it was made from. A cache that is missing or
# read-only only costs time: builds that are not trusted get it so.

# cache_key <input…>: also depends on the builder itself.
cache_key() {
  {
    printf '%s\0' "$@"
    builder_digest
  } | sha256sum | cut -c1-64
}

builder_digest() {
  (cd "$BUILDER" && find builder lib steps boot -type f -print0 | sort -z | xargs -0 sha256sum)
}

# cache_get <name> <key>: prints the entry's path, fails when there is none.
cache_get() {
  local entry="$CACHE/$1/$2"
  [ -f "$entry" ] || return 1
  # What is not used for a month goes, by this time.
  touch --no-create "$entry" 2>/dev/null || true
  printf '%s\n' "$entry"
}

# cache_put <name> <key> <file>: complete or not at all, also beside another build.
cache_put() {
  local folder="$CACHE/$1" part
  mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || return 0
  find "$folder" -type f -mtime +30 -delete
  part=$(mktemp "$folder/.$2.XXXXXX")
  if cp "$3" "$part" && chmod 644 "$part"; then mv "$part" "$folder/$2"; else rm -f "$part"; fi
}
