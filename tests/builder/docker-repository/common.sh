# Parts of a signed Debian repository: packages by dpkg-deb, lists by hand, signatures by GnuPG.
export LC_ALL=C.UTF-8 GNUPGHOME=/tmp/gnupg
mkdir -m 700 "$GNUPGHOME"

# key <name>: /repository/keys/<name>.asc, and the secret key here.
key() {
  mkdir -p /repository/keys
  gpg --batch --quiet --passphrase '' --quick-generate-key "$1" ed25519 sign never
  gpg --batch --armor --export "$1" >"/repository/keys/$1.asc"
}

# index <repository> <component> <architecture> <origin>: lists of what lies in its pool/<component>, signed by <key>.
index() {
  local root=/repository/$1 component=$2 architecture=$3 origin=$4 list file
  cd "$root" || exit 1
  list="dists/trixie/$component/binary-$architecture/Packages"
  mkdir -p "${list%/*}"
  for file in "pool/$component"/*.deb; do
    dpkg-deb --field "$file"
    printf 'Filename: %s\nSize: %d\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -c1-64)"
  done >"$list"
  {
    printf 'Origin: %s\nLabel: %s\nSuite: trixie\nCodename: trixie\nDate: %s\n' "$origin" "$origin" "$(date -uR)"
    printf 'Architectures: %s\nComponents: %s\nSHA256:\n' "$architecture" "$component"
    printf ' %s %d %s\n' "$(sha256sum "$list" | cut -c1-64)" "$(stat -c %s "$list")" "${list#dists/trixie/}"
  } >dists/trixie/Release
  gpg --batch --yes --quiet --local-user "$5" --clearsign --output dists/trixie/InRelease dists/trixie/Release
}
