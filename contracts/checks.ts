/** The check run that a build ends in. Branch protection requires it by this name. */
export const BUILD_CHECK = "hypriotos/build";

/** Every check that the pipeline itself reports on a commit. */
export const PIPELINE_CHECKS: readonly string[] = [BUILD_CHECK];
