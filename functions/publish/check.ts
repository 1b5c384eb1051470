import type { CheckRunState, GithubRepository } from "../../clients/github-repository.ts";
import { RELEASE_CHECK } from "../../contracts/checks.ts";

/** Which check run: of an attempt to publish a release. No build key, so that a re-run of it builds nothing. */
export function releaseCheckId(release: string, attempt: number): string {
  return `publish/${release}#${attempt}`;
}

/** The check run of an attempt: the one that is known, or that was made and not remembered, or a new one. */
export async function startCheckRun(
  repository: GithubRepository,
  check: {
    readonly known: number | undefined;
    readonly commit: string;
    readonly externalId: string;
    readonly appId: number;
  },
  state: CheckRunState,
): Promise<number> {
  const { commit, externalId } = check;
  const made =
    check.known ??
    (await repository.checkRuns(commit, RELEASE_CHECK, check.appId)).find(
      (run) => run.externalId === externalId,
    )?.id;
  if (made === undefined)
    return repository.createCheckRun({ name: RELEASE_CHECK, commit, externalId }, state);
  await repository.updateCheckRun(made, state);
  return made;
}
