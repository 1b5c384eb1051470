/** Why there is no release, whatever is tried again: told on the commit. One line for each problem. */
export class Refusal extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
    this.name = "Refusal";
  }
}
