# Downloads a release of this repository, verifies it as its users do, and tests it: the image's suite, then its boot.
# RELEASE is a tag, by default the latest release; RELEASES is where GitHub's REST API has the repository, by default of
# git's remote origin; RELEASE_KEY the file of the public key, by default release-key.pem of the repository.

# shellcheck source=/dev/null
source "$BUILDER/boot-test/release.sh"
RELEASE_KEY=${RELEASE_KEY:-$WORKSPACE/release-key.pem}
phase "release: download"
fetch_release
phase "release: verify"
verify_release "$DIST"
printf '%s: signature and checksum of %s are right\n' "$TAG" "$IMAGE.img.zst"
phase
hand_over
export HYPRIOTOS_VERSION=$VERSION WORKSPACE DIST
"$BUILDER/builder" test
"$BUILDER/builder" boot
