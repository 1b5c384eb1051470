/** A maintainer's label on an outsider's pull request: this commit may be built. */
export const APPROVAL_LABEL = "ok-to-build";
