import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BuildRecord, BuildState } from "../../../contracts/build-record.ts";
import { APPROVAL_LABEL } from "../../../contracts/labels.ts";
import type { Event } from "../events/event.ts";
import { readEvent } from "../events/read.ts";
import {
  APP_ID,
  checkRunPayload,
  NO_COMMIT,
  type Pull,
  pullRequestPayload,
  pushPayload,
} from "../testing/payloads.ts";
import { decide, questions } from "./decide.ts";
import type { Known, Step } from "./decision.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const LONG_AGO = "2026-11-24T09:00:00.000Z";
const JUST_NOW = "2026-11-24T09:59:59.000Z";
const OLD = "b".repeat(40);
const NEW = "a".repeat(40);
const REPOSITORY = "hypriot/forked";

function eventOf(name: string, payload: unknown): Event {
  const event = readEvent(name, payload, REPOSITORY, APP_ID);
  if ("problems" in event) throw new Error(event.problems.join("; "));
  return event;
}

const push = (ref: string, after = NEW, more: object = {}) =>
  eventOf("push", pushPayload(ref, after, { ...more }));
const pull = (more: Partial<Pull>) =>
  eventOf("pull_request", pullRequestPayload({ action: "opened", head: NEW, ...more }));

function known(more: Partial<Known> = {}): Known {
  const nobody = { builds: new Map(), delivery: "this", now: NOW };
  return { ...nobody, repository: REPOSITORY, tagPattern: "v*", ...more };
}

function record(id: string, state: BuildState, more: Partial<BuildRecord> = {}): Partial<Known> {
  const build: BuildRecord = {
    id,
    repository: REPOSITORY,
    kind: "image",
    commit: NEW,
    trigger: { type: "push", branch: "topic" },
    architectures: ["arm64"],
    attempt: 1,
    state,
    checkRun: 1,
    delivery: "another",
    sentAt: LONG_AGO,
    queuedAt: LONG_AGO,
    updatedAt: LONG_AGO,
    expiresAt: 0,
    ...more,
  };
  return { builds: new Map([[id, build]]) };
}

const BUILD = `builds/forked/${NEW}`;
const PULL = `pull-requests/forked/7/${NEW}`;
const UNSENT = { sentAt: undefined, updatedAt: JUST_NOW };

/** A step in one word and what distinguishes it. */
function brief(step: Step): string {
  if (step.do === "queue") {
    const { type } = step.build.trigger;
    return `queue ${type} ${step.attempt} ${step.claim.how}`;
  }
  if (step.do === "wait") return `wait ${step.claim.how}`;
  if (step.do === "lead")
    return `lead ${step.lineage.id} → ${step.lineage.build.replace(/[0-9a-f]{39}$/, "")}`;
  if (step.do === "nothing") return `nothing: ${step.because}`;
  if (step.do === "refuse") return `refuse ${step.check}`;
  return step.do;
}

const TOPIC = "lead latest/forked/branch/topic → builds/forked/a";
const SEVEN = "lead latest/forked/pull-request/7 → pull-requests/forked/7/a";

interface Row {
  readonly what: string;
  readonly event: Event;
  readonly with?: Partial<Known>;
  readonly steps: readonly string[];
}

const ROWS: readonly Row[] = [
  { what: "a push", event: push("refs/heads/topic"), steps: [TOPIC, "queue push 1 new"] },
  { what: "a push to the default branch", event: push("refs/heads/main"), steps: ["queue push 1 new"] },
  {
    what: "a commit with a build",
    event: push("refs/heads/topic"),
    with: record(BUILD, "running"),
    steps: [TOPIC, "nothing: the commit has a build: running"],
  },
  {
    what: "a commit whose build was cancelled",
    event: push("refs/heads/topic"),
    with: record(BUILD, "cancelled"),
    steps: [TOPIC, "queue push 2 move"],
  },
  {
    what: "the delivery that was cut off",
    event: push("refs/heads/topic"),
    with: record(BUILD, "queued", { ...UNSENT, delivery: "this" }),
    steps: [TOPIC, "queue push 1 resume"],
  },
  {
    what: "a delivery beside another that works",
    event: push("refs/heads/topic"),
    with: record(BUILD, "queued", UNSENT),
    steps: [TOPIC, "nothing: the commit has a build: queued"],
  },
  {
    what: "a delivery after another that died",
    event: push("refs/heads/topic"),
    with: record(BUILD, "queued", { sentAt: undefined }),
    steps: [TOPIC, "queue push 1 resume"],
  },
  {
    what: "a deleted branch",
    event: push("refs/heads/topic", NO_COMMIT),
    steps: ["nothing: a branch was deleted"],
  },
  { what: "a release tag", event: push("refs/tags/v1.0.0"), steps: ["queue tag 1 new"] },
  { what: "a pre-release", event: push("refs/tags/v1.0.0-rc.1"), steps: ["queue tag 1 new"] },
  {
    what: "a tag that the pattern leaves out",
    event: push("refs/tags/v1.0.0"),
    with: { tagPattern: "v2.*" },
    steps: ["nothing: no release tag"],
  },
  { what: "another tag", event: push("refs/tags/nightly"), steps: ["nothing: no release tag"] },
  {
    what: "a moved release tag",
    event: push("refs/tags/v1.0.0", NEW, { before: OLD }),
    steps: ["refuse hypriotos/tag"],
  },
  {
    what: "a release tag made again elsewhere",
    event: push("refs/tags/v1.0.0"),
    with: record("releases/forked/v1.0.0", "success", { commit: OLD }),
    steps: ["refuse hypriotos/tag"],
  },
  {
    what: "a release tag made again",
    event: push("refs/tags/v1.0.0"),
    with: record("releases/forked/v1.0.0", "success"),
    steps: ["nothing: the commit has a build: success"],
  },
  {
    what: "a deleted release tag",
    event: push("refs/tags/v1.0.0", NO_COMMIT),
    steps: ["nothing: the release tag v1.0.0 was deleted"],
  },
  {
    what: "a stranger's pull request",
    event: pull({}),
    with: { mayWrite: false },
    steps: [SEVEN, "wait new"],
  },
  {
    what: "a stranger's, its fork gone",
    event: pull({ from: null }),
    with: { mayWrite: false },
    steps: [SEVEN, "wait new"],
  },
  {
    what: "a stranger's, opened again after approval",
    event: pull({ action: "reopened" }),
    with: { mayWrite: false, ...record(PULL, "success") },
    steps: [SEVEN, "nothing: the commit has a build: success"],
  },
  {
    what: "a collaborator's fork",
    event: pull({}),
    with: { mayWrite: true },
    steps: [SEVEN, "queue pull-request 1 new"],
  },
  {
    what: "a member's fork where GitHub does not tell",
    event: pull({ association: "MEMBER" }),
    steps: [SEVEN, "queue pull-request 1 new"],
  },
  {
    what: "a contributor's fork where GitHub does not tell",
    event: pull({ association: "CONTRIBUTOR" }),
    steps: [SEVEN, "wait new"],
  },
  {
    what: "a new commit after approval",
    event: pull({ action: "synchronize", before: OLD, labels: [APPROVAL_LABEL] }),
    with: { mayWrite: false },
    steps: [SEVEN, "remove-label", "wait new"],
  },
  {
    what: "an approval",
    event: pull({ action: "labeled", label: APPROVAL_LABEL, sender: "maintainer" }),
    with: { mayWrite: true, head: NEW, ...record(PULL, "waiting", { sentAt: undefined }) },
    steps: ["queue pull-request 1 move"],
  },
  {
    what: "an approval before the opening",
    event: pull({ action: "labeled", label: APPROVAL_LABEL }),
    with: { mayWrite: true, head: NEW },
    steps: [SEVEN, "queue pull-request 1 new"],
  },
  {
    what: "an approval of what is built",
    event: pull({ action: "labeled", label: APPROVAL_LABEL }),
    with: { mayWrite: true, head: NEW, ...record(PULL, "running") },
    steps: ["nothing: the commit has a build: running"],
  },
  {
    what: "an approval of an older commit",
    event: pull({ action: "labeled", label: APPROVAL_LABEL }),
    with: { mayWrite: true, head: OLD, ...record(PULL, "waiting") },
    steps: ["remove-label", "nothing: the label is for an older commit"],
  },
  {
    what: "an approval by a stranger",
    event: pull({ action: "labeled", label: APPROVAL_LABEL }),
    with: { mayWrite: false, head: NEW, ...record(PULL, "waiting") },
    steps: ["remove-label", "disallow", "nothing: the label is not by somebody who may write"],
  },
  {
    what: "an approval by nobody knows whom",
    event: pull({ action: "labeled", label: APPROVAL_LABEL, association: "OWNER" }),
    with: { head: NEW, ...record(PULL, "running") },
    steps: ["remove-label", "nothing: the label is not by somebody who may write"],
  },
  {
    what: "an approval of a closed pull request",
    event: pull({ action: "labeled", label: APPROVAL_LABEL, state: "closed" }),
    with: { mayWrite: true, head: NEW, ...record(PULL, "waiting") },
    steps: ["nothing: the pull request is closed"],
  },
  {
    what: "another label",
    event: pull({ action: "labeled", label: "bug" }),
    with: { mayWrite: true, head: NEW, ...record(PULL, "waiting") },
    steps: ["nothing: a label like any"],
  },
  {
    what: "a closed pull request",
    event: pull({ action: "closed", state: "closed" }),
    steps: ["lead latest/forked/pull-request/7 → closed"],
  },
  {
    what: "the repository's own branch",
    event: pull({ from: REPOSITORY, ref: "topic" }),
    with: record(BUILD, "queued"),
    steps: ["nothing: the commit has a build: queued"],
  },
  {
    what: "the repository's own branch without a build",
    event: pull({ from: REPOSITORY, ref: "topic" }),
    steps: ["queue push 1 new"],
  },
  {
    what: "the approval of an own branch",
    event: pull({ from: REPOSITORY, action: "labeled", label: APPROVAL_LABEL }),
    steps: ["nothing: it needs no approval"],
  },
  {
    what: "an own branch closed",
    event: pull({ from: REPOSITORY, action: "closed", state: "closed" }),
    steps: ["nothing: the branch's push is what is built"],
  },
  {
    what: "a re-run",
    event: eventOf("check_run", checkRunPayload(`${BUILD}#1`, NEW)),
    with: record(BUILD, "failure", { attempt: 3 }),
    steps: ["queue push 4 move"],
  },
  {
    what: "a re-run of what runs",
    event: eventOf("check_run", checkRunPayload(`${BUILD}#1`, NEW)),
    with: record(BUILD, "running"),
    steps: [`nothing: ${BUILD} has not ended: running`],
  },
  {
    what: "a re-run of what waits for approval",
    event: eventOf("check_run", checkRunPayload(`${PULL}#1`, NEW)),
    with: record(PULL, "waiting"),
    steps: [`nothing: ${PULL} has not ended: waiting`],
  },
  {
    what: "a re-run of another repository's build",
    event: eventOf("check_run", checkRunPayload(`${BUILD}#1`, NEW)),
    with: record(BUILD, "failure", { repository: "hypriot/other" }),
    steps: ["nothing: no build is known by this check"],
  },
  {
    what: "a re-run that was cut off",
    event: eventOf("check_run", checkRunPayload(`${BUILD}#1`, NEW)),
    with: record(BUILD, "queued", { ...UNSENT, attempt: 2, delivery: "this" }),
    steps: ["queue push 2 resume"],
  },
];

describe("decide", () => {
  it.each(ROWS)("$what", ({ event, with: more = {}, steps }) => {
    expect(decide(event, known(more)).map(brief)).toEqual(steps);
  });

  it("never trusts a fork, whatever else is said of it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("opened", "synchronize", "reopened", "labeled", "closed"),
        fc.record({ mayWrite: fc.boolean(), head: fc.constantFrom(OLD, NEW) }, { requiredKeys: [] }),
        fc.constantFrom(APPROVAL_LABEL, "bug", undefined),
        fc.constantFrom("OWNER", "NONE"),
        (action, answers, label, association) => {
          const event = pull({ action, association, ...(label === undefined ? {} : { label }) });
          for (const step of decide(event, known(answers))) {
            if (step.do === "queue" || step.do === "wait")
              expect(step.build.trigger.type).toBe("pull-request");
            if (step.do === "queue" && action === "labeled")
              expect(answers).toEqual({ mayWrite: true, head: NEW });
          }
        },
      ),
    );
  });

  it("never throws, whatever is delivered, and always says something", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("refs/heads/", "refs/tags/v1.0.0", NEW, NO_COMMIT));
    const names = ["push", "pull_request", "check_run", "check_suite"];
    const base = (name: string): unknown =>
      ({
        push: pushPayload("refs/heads/topic", NEW),
        pull_request: pullRequestPayload({ action: "opened", head: NEW }),
        check_run: checkRunPayload(`${BUILD}#1`, NEW),
        check_suite: { action: "rerequested", check_suite: { head_sha: NEW, app: { id: APP_ID } } },
      })[name];
    const change = fc.dictionary(
      fc.constantFrom(
        "action",
        "ref",
        "after",
        "before",
        "pull_request",
        "check_run",
        "head_commit",
        "deleted",
      ),
      fc.oneof(text, fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), change, fc.boolean(), (name, changed, mayWrite) => {
        const read = readEvent(name, { ...Object(base(name)), ...changed }, REPOSITORY, APP_ID);
        if ("problems" in read) {
          expect(read.problems.length).toBeGreaterThan(0);
          return;
        }
        questions(read, REPOSITORY, "v*");
        expect(decide(read, known({ mayWrite, head: NEW })).length).toBeGreaterThan(0);
      }),
    );
  });
});
