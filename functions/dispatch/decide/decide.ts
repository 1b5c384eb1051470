import { buildKey } from "../../../contracts/build-job.ts";
import { APPROVAL_LABEL } from "../../../contracts/labels.ts";
import type { Event, PullRequestEvent } from "../events/event.ts";
import { type Decision, type Known, nothing, type Questions } from "./decision.ts";
import { decidePullRequest, personOf, pulledBuild } from "./pull-request.ts";
import { decidePush, pushedBuild } from "./push.ts";
import { decideRerun, rerunKey } from "./rerun.ts";

/** What must be known to decide an event. */
export function questions(event: Event, repository: string, tagPattern: string): Questions {
  if (event.type === "push") {
    const pushed = pushedBuild(event, repository, tagPattern);
    return { builds: "build" in pushed ? [buildKey(pushed.build)] : [] };
  }
  if (event.type === "pull-request") return pullRequestQuestions(event, repository);
  if (event.type === "rerun") {
    const key = rerunKey(event);
    if (event.checkRun === undefined) return { builds: [], commit: event.commit };
    return { builds: key === undefined ? [] : [key] };
  }
  return { builds: [] };
}

function pullRequestQuestions(event: PullRequestEvent, repository: string): Questions {
  const build = pulledBuild(event, repository);
  const person = personOf(event);
  const approval = event.action === "labeled" && event.label === APPROVAL_LABEL;
  if (build === undefined || !event.open || event.action === "closed") return { builds: [] };
  if (event.action === "labeled" && !(approval && event.fork)) return { builds: [] };
  return {
    builds: [buildKey(build)],
    ...(person === undefined ? {} : { person }),
    ...(approval ? { pullRequest: event.number } : {}),
  };
}

/** What is done about an event. Pure: the same event and answers, the same steps. */
export function decide(event: Event, known: Known): Decision {
  if (event.type === "push") return decidePush(event, known);
  if (event.type === "pull-request") return decidePullRequest(event, known);
  if (event.type === "rerun") return decideRerun(event, known);
  return [nothing(event.because)];
}
