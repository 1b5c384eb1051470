import { z } from "zod";
import { CommitId } from "../../../contracts/git.ts";

/** What of each event's payload is read. Everything else is left alone: GitHub adds fields as it likes. */

const loginExpected = "a GitHub login";
const Login = z.string({ error: loginExpected }).regex(/^[A-Za-z0-9_-]{1,100}(?:\[bot\])?$/, {
  error: loginExpected,
});
const User = z.object({ login: Login });

const REF_MAX = 1024;
const refExpected = `a ref of at most ${REF_MAX} characters`;
const Ref = z
  .string({ error: refExpected })
  .min(1, { error: refExpected })
  .max(REF_MAX, { error: refExpected });

const timeExpected = "a time";
const Time = z.iso.datetime({ offset: true, error: timeExpected });

const NumberOf = z.int({ error: "a pull request's number" }).min(1, { error: "a pull request's number" });

export const PushPayload = z.object({
  ref: Ref,
  before: CommitId,
  after: CommitId,
  deleted: z.boolean(),
  head_commit: z.object({ id: CommitId }).nullish(),
  // Seconds in this event, and only here.
  repository: z.object({ pushed_at: z.union([z.int().min(0), Time]) }),
});

export const ActionPayload = z.object({ action: z.string().max(100).optional() });

export const PullRequestPayload = z.object({
  number: NumberOf,
  before: CommitId.optional(),
  label: z.object({ name: z.string().max(200) }).optional(),
  pull_request: z.object({
    state: z.enum(["open", "closed"]),
    head: z.object({
      sha: CommitId,
      ref: Ref,
      // Gone with its fork.
      repo: z.object({ full_name: z.string().max(200) }).nullable(),
    }),
    user: User,
    author_association: z.string().max(40),
    labels: z.array(z.object({ name: z.string().max(200) })).max(1000),
    updated_at: Time,
  }),
  sender: User,
});

const App = z.object({ id: z.int() }).nullish();

export const CheckRunPayload = z.object({
  check_run: z.object({
    name: z.string().max(300),
    head_sha: CommitId,
    external_id: z.string().max(1000).nullish(),
    app: App,
  }),
});

export const CheckSuitePayload = z.object({ check_suite: z.object({ head_sha: CommitId, app: App }) });
