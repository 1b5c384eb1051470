import { parseCheckRunId } from "../../contracts/build-key.ts";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import type { Reach } from "./act.ts";
import type { Known, Questions } from "./decide/decision.ts";

/** Answers what must be known to decide, as it is now. */
export async function lookUp(
  { builds: keys, person, pullRequest, commit }: Questions,
  { builds, github, settings }: Pick<Reach, "builds" | "github" | "settings">,
): Promise<Pick<Known, "builds" | "mayWrite" | "head">> {
  const told = commit === undefined ? [] : await github.checkRuns(commit, BUILD_CHECK, settings.github.appId);
  const wanted = new Set([
    ...keys,
    ...told.flatMap(({ externalId }) => parseCheckRunId(externalId)?.key ?? []),
  ]);
  const [found, mayWrite, head] = await Promise.all([
    builds.find([...wanted]),
    person === undefined ? undefined : github.mayWrite(person),
    pullRequest === undefined ? undefined : github.pullRequestHead(pullRequest),
  ]);
  return {
    builds: found,
    ...(mayWrite === undefined ? {} : { mayWrite }),
    ...(head === undefined ? {} : { head }),
  };
}
