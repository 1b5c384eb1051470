/** What the stand-in builder does with a commit (runner/testing/builder-image.ts): as little as a build can. */
export const GOOD_PLAY = `
if [ "$1" = build ]; then phase one; echo image >/dist/image.img.zst; ended one 0.1
else report image 1 0; fi
`;

export const BAD_PLAY = `phase one; echo "error: it does not build"; exit 1\n`;

/** What a release of such a build has. */
export const RELEASED: readonly string[] = [
  "SHA256SUMS",
  "SHA256SUMS.sig",
  "image.img.zst",
  "image.test.json",
  "test-report.json",
];
