/** The check run that a build ends in. Branch protection requires it by this name. */
export const BUILD_CHECK = "hypriotos/build";

/** Says on a commit that a release tag was moved to it, which releases nothing. Never required: no build is meant. */
export const TAG_CHECK = "hypriotos/tag";

/** Tells on a release tag's commit how its GitHub Release is published. Never required: no release is meant. */
export const RELEASE_CHECK = "hypriotos/release";

/** Says on a board's newest commit why a release cannot be pinned there. Never required: its builds tell the same. */
export const PINS_CHECK = "hypriotos/pins";

/** Every check that the pipeline itself reports on each commit. */
export const PIPELINE_CHECKS: readonly string[] = [BUILD_CHECK];
