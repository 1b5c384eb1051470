import type { FailureCause } from "../contracts/manifest.ts";

/** The build failed, and another attempt on the same commit would fail too. */
export class BuildFailure extends Error {
  override readonly name = "BuildFailure";
  readonly failure: FailureCause;
  /** One line each. */
  readonly problems: readonly string[];

  constructor(failure: FailureCause, message: string, problems: readonly string[] = []) {
    super(message);
    this.failure = failure;
    this.problems = problems;
  }
}

/** A newer commit made the build needless. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The runner is told to stop: another one shall have the job. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
