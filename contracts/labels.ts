/** A maintainer's label on an outsider's pull request: this commit may be built. */
export const APPROVAL_LABEL = "ok-to-build";

/** On pull requests that pin a new release: the pipeline's own, and people's. */
export const PINS_LABEL = "pins";
