import { parseCheckRunId } from "../../../contracts/build-key.ts";
import { type BuildRecord, FINAL_STATES } from "../../../contracts/build-record.ts";
import type { RerunEvent } from "../events/event.ts";
import { type Decision, type Known, nothing, type Step } from "./decision.ts";
import { isUnsent } from "./once.ts";

/** The build that a check run tells of; undefined for a check run that tells of none. */
export function rerunKey({ checkRun }: RerunEvent): string | undefined {
  return checkRun === undefined ? undefined : parseCheckRunId(checkRun)?.key;
}

function again(record: BuildRecord, known: Known): Step {
  const { attempt, state, commit, repository, trigger } = record;
  const build = { repository, commit, trigger };
  if (isUnsent(record, known)) return { do: "queue", build, attempt, claim: { how: "resume" } };
  // A stranger's build is final only after it was approved: what waits stays waiting.
  if (!FINAL_STATES.includes(state)) return nothing(`${record.id} has not ended: ${state}`);
  return { do: "queue", build, attempt: attempt + 1, claim: { how: "move", attempt, state } };
}

export function decideRerun(event: RerunEvent, known: Known): Decision {
  // An external id is only text: the record says which repository and commit it is of.
  const records = [...known.builds.values()].filter(
    ({ repository, commit }) => repository === known.repository && commit === event.commit,
  );
  if (records.length === 0) return [nothing("no build is known by this check")];
  return records.map((record) => again(record, known));
}
