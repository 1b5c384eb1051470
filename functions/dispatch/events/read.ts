import type { z } from "zod";
import { BUILD_CHECK } from "../../../contracts/checks.ts";
import { bodyProblems } from "../body-problems.ts";
import { type Event, type OtherEvent, PULL_REQUEST_ACTIONS } from "./event.ts";
import {
  ActionPayload,
  CheckRunPayload,
  CheckSuitePayload,
  PullRequestPayload,
  PushPayload,
} from "./payloads.ts";

/** What is wrong with a payload, all of it. */
export interface Unreadable {
  readonly problems: readonly string[];
}

const NO_COMMIT = "0".repeat(40);

const other = (because: string): OtherEvent => ({ type: "other", because });
const commit = (id: string) => (id === NO_COMMIT ? undefined : id);
const seconds = (time: string | number) => (typeof time === "number" ? time : Date.parse(time) / 1000);

function read<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  toEvent: (payload: z.infer<Schema>) => Event,
): Event | Unreadable {
  const parsed = schema.safeParse(json);
  return parsed.success ? toEvent(parsed.data) : { problems: bodyProblems(parsed.error) };
}

/**
 * Reads the payload of an event. `name` is GitHub's event name, `fullName` the repository that it is about, `appId`
 * the App whose check runs count. An event or action that nothing is done about is never looked into.
 */
export function readEvent(name: string, json: unknown, fullName: string, appId: number): Event | Unreadable {
  if (name === "push") return read(PushPayload, json, readPush);
  if (name !== "pull_request" && name !== "check_run" && name !== "check_suite") {
    return other(`${name}: nothing to do`);
  }
  const { action = "" } = ActionPayload.safeParse(json).data ?? {};
  if (name === "pull_request") {
    const known = PULL_REQUEST_ACTIONS.find((candidate) => candidate === action);
    if (known === undefined) return other("pull_request: nothing to do at this action");
    return read(PullRequestPayload, json, (payload) => readPullRequest(known, payload, fullName));
  }
  if (action !== "rerequested") return other(`${name}: nothing to do at this action`);
  const ours = (app: { id: number } | null | undefined) => app?.id === appId;
  if (name === "check_suite") {
    return read(CheckSuitePayload, json, ({ check_suite: { head_sha, app } }) =>
      ours(app) ? { type: "rerun", commit: head_sha, checkRun: undefined } : other("another App's checks"),
    );
  }
  return read(CheckRunPayload, json, ({ check_run: { name: check, head_sha, external_id, app } }) =>
    ours(app) && check === BUILD_CHECK
      ? { type: "rerun", commit: head_sha, checkRun: external_id ?? "" }
      : other("another check than the pipeline's builds"),
  );
}

function readPush(payload: z.infer<typeof PushPayload>): Event {
  const after = payload.deleted ? undefined : commit(payload.after);
  return {
    type: "push",
    ref: payload.ref,
    before: commit(payload.before),
    after,
    commit: after === undefined ? undefined : payload.head_commit?.id,
    order: seconds(payload.repository.pushed_at),
  };
}

function readPullRequest(
  action: (typeof PULL_REQUEST_ACTIONS)[number],
  { number, before, label, pull_request: pull, sender }: z.infer<typeof PullRequestPayload>,
  fullName: string,
): Event {
  return {
    type: "pull-request",
    action,
    number,
    open: pull.state === "open",
    head: pull.head.sha,
    branch: pull.head.ref,
    before,
    fork: pull.head.repo?.full_name.toLowerCase() !== fullName.toLowerCase(),
    author: pull.user.login,
    association: pull.author_association,
    sender: sender.login,
    labels: pull.labels.map(({ name }) => name),
    label: label?.name,
    order: seconds(pull.updated_at),
  };
}
