import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkRunPayload,
  NO_COMMIT,
  pullRequestPayload,
  pushPayload,
  repository,
} from "./testing/payloads.ts";
import { Stand, type Twist } from "./testing/stand.ts";

const COMMIT = "a".repeat(40);
const MIB = 1024 * 1024;
const ESCAPE = "\u001b[31m\u202e";

let stand: Stand;
let head: string;

beforeAll(async () => {
  stand = await Stand.start();
  await stand.repository("tagged", { hook: false });
  await stand.repository("unserved", { hook: false });
  head = (await stand.octokit.rest.repos.getBranch({ owner: "hypriot", repo: "tagged", branch: "main" })).data
    .commit.sha;
});
afterAll(() => stand.stop());

const push = pushPayload("refs/heads/main", COMMIT);
const pull = (more: object) => ({ ...pullRequestPayload({ action: "opened", head: COMMIT }), ...more });

interface Case {
  readonly what: string;
  readonly event?: string;
  readonly payload?: unknown;
  readonly twist?: Twist;
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const refused = (status: number, ...problems: string[]) => ({ status, body: { problems } });
const NOT_SIGNED = refused(401, "x-hub-signature-256: not signed with this repository's secret");
const NO_JSON = refused(
  400,
  "body: found no JSON, expected a webhook payload with content type application/json",
);
const NO_REPOSITORY = "body.repository.full_name: a repository as owner/name";

const CASES: readonly Case[] = [
  {
    what: "no signature",
    twist: { headers: { "x-hub-signature-256": undefined } },
    ...refused(400, "x-hub-signature-256: missing, expected GitHub's header"),
  },
  {
    what: "another secret's signature",
    twist: { headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` } },
    ...NOT_SIGNED,
  },
  {
    what: "a signature of half the length",
    twist: { headers: { "x-hub-signature-256": `sha256=${"0".repeat(32)}` } },
    ...NOT_SIGNED,
  },
  {
    what: "a SHA-1 signature",
    twist: { headers: { "x-hub-signature-256": `sha1=${"0".repeat(40)}` } },
    ...NOT_SIGNED,
  },
  {
    what: "a signature that is no hex",
    twist: { headers: { "x-hub-signature-256": `sha256=${"z".repeat(64)}` } },
    ...NOT_SIGNED,
  },
  { what: "an unknown repository", payload: { ...push, repository: repository("unknown") }, ...NOT_SIGNED },
  {
    what: "a repository named like a part of every object",
    payload: { ...push, repository: repository("constructor") },
    ...NOT_SIGNED,
  },
  {
    what: "no headers",
    twist: {
      headers: {
        "x-github-delivery": undefined,
        "x-github-event": undefined,
        "x-hub-signature-256": undefined,
      },
    },
    ...refused(
      400,
      "x-github-delivery: missing, expected GitHub's header",
      "x-github-event: missing, expected GitHub's header",
      "x-hub-signature-256: missing, expected GitHub's header",
    ),
  },
  {
    what: "a delivery id with a line break",
    twist: { id: `1\n{"level":"INFO"}` },
    ...refused(400, "x-github-delivery: malformed, expected GitHub's header"),
  },
  {
    what: "an event name with control characters",
    event: ESCAPE,
    ...refused(400, "x-github-event: malformed, expected GitHub's header"),
  },
  { what: "an empty body", twist: { body: "" }, ...NO_JSON },
  { what: "a form", twist: { body: "payload=%7B%7D" }, ...NO_JSON },
  { what: "half a payload", twist: { body: JSON.stringify(push).slice(0, 100) }, ...NO_JSON },
  {
    what: "a list",
    payload: [push],
    ...refused(400, "body: Invalid input: expected object, received array"),
  },
  { what: "null", payload: null, ...refused(400, "body: Invalid input: expected object, received null") },
  {
    what: "a payload without a repository",
    payload: { zen: "Design for failure." },
    ...refused(400, "body.repository: Invalid input: expected object, received undefined"),
  },
  {
    what: "a repository's name that leads out",
    payload: { ...push, repository: { name: "..", full_name: "hypriot/.." } },
    ...refused(
      400,
      "body.repository.name: a GitHub repository name: letters, digits, '.', '-' and '_', at most 100 characters, not ending in .git",
      NO_REPOSITORY,
    ),
  },
  {
    what: "a repository's owner with control characters",
    payload: { ...push, repository: { name: "tagged", full_name: `${ESCAPE}/tagged` } },
    ...refused(400, NO_REPOSITORY),
  },
  {
    what: "a body larger than a function URL passes on",
    twist: { body: `${JSON.stringify(push)}${" ".repeat(6 * MIB)}` },
    ...refused(413, expect.stringMatching(/^body: found 629\d{4} bytes, expected at most 6291456$/)),
  },
  { what: "another method", twist: { method: "PUT" }, ...refused(405, "method: expected POST") },
  { what: "another path", twist: { path: "/admin" }, ...refused(404, "path: nothing is here") },
  {
    what: "a repository of the same name elsewhere",
    payload: { ...push, repository: { ...push.repository, full_name: "stranger/tagged" } },
    status: 200,
    body: { ignored: "no repository of this pipeline" },
  },
  {
    what: "a push without anything",
    event: "push",
    payload: { repository: repository() },
    ...refused(
      422,
      "body.ref: a ref of at most 1024 characters",
      "body.before: a commit id of 40 lower-case hex digits",
      "body.after: a commit id of 40 lower-case hex digits",
      "body.deleted: Invalid input: expected boolean, received undefined",
      "body.repository.pushed_at: Invalid input",
    ),
  },
  {
    what: "a commit that is a path",
    payload: { ...push, after: "../../etc/passwd" },
    ...refused(422, "body.after: a commit id of 40 lower-case hex digits"),
  },
  {
    what: "a commit in upper case",
    payload: { ...push, after: "A".repeat(40) },
    ...refused(422, "body.after: a commit id of 40 lower-case hex digits"),
  },
  {
    what: "an endless ref",
    payload: { ...push, ref: `refs/heads/${"x".repeat(MIB)}` },
    ...refused(422, "body.ref: a ref of at most 1024 characters"),
  },
  {
    what: "a pull request's number that is a path",
    event: "pull_request",
    payload: pull({ number: "../7" }),
    ...refused(422, "body.number: a pull request's number"),
  },
  {
    what: "a login with a slash",
    event: "pull_request",
    payload: pull({ sender: { login: "a/../../b" } }),
    ...refused(422, "body.sender.login: a GitHub login"),
  },
  {
    what: "a ping",
    event: "ping",
    payload: { zen: ESCAPE, repository: repository() },
    status: 200,
    body: { ignored: "ping: nothing to do" },
  },
  {
    what: "an event that is not subscribed to",
    event: "star",
    payload: { action: ESCAPE, repository: repository() },
    status: 200,
    body: { ignored: "star: nothing to do" },
  },
  {
    what: "a pull request's action that does not matter",
    event: "pull_request",
    payload: pull({ action: "edited" }),
    status: 200,
    body: { ignored: "pull_request: nothing to do at this action" },
  },
  {
    what: "the re-run of another App's check",
    event: "check_run",
    payload: checkRunPayload(`builds/tagged/${COMMIT}#1`, COMMIT, 7),
    status: 200,
    body: { ignored: "another check than the pipeline's builds" },
  },
];

describe("what comes is answered exactly", () => {
  it.each(CASES)("$what", async ({ event = "push", payload = push, twist, status, body }) => {
    expect(await stand.deliver(event, payload, twist)).toEqual({ status, body });
  });

  const done = (what: string, event: string, payload: () => unknown, ...steps: object[]) => ({
    what,
    event,
    payload,
    steps,
  });
  it.each([
    done(
      "the re-run of a build that leads out",
      "check_run",
      () => checkRunPayload("builds/../../secrets#1", head),
      { did: "nothing", because: "no build is known by this check" },
    ),
    done(
      "the re-run of a build of another commit",
      "check_run",
      () => checkRunPayload(`builds/tagged/${COMMIT}#1`, head),
      { did: "nothing", because: "no build is known by this check" },
    ),
    done("a push to neither a branch nor a tag", "push", () => pushPayload("refs/notes/commits", head), {
      did: "nothing",
      because: "neither a branch nor a tag",
    }),
    done("a branch's deletion", "push", () => pushPayload("refs/heads/gone", NO_COMMIT, { before: head }), {
      did: "nothing",
      because: "a branch was deleted",
    }),
    done(
      "a release tag on something that is no commit",
      "push",
      () => pushPayload("refs/tags/v9.0.0", head, { head_commit: null }),
      { did: "nothing", because: "the release tag v9.0.0 is on no commit" },
    ),
    done("a tag with control characters", "push", () => pushPayload(`refs/tags/v1.0.0${ESCAPE}`, head), {
      did: "nothing",
      because: "no release tag",
    }),
    done("a branch with control characters", "push", () => pushPayload(`refs/heads/${ESCAPE}`, head), {
      did: "refuse",
      because: "The branch's name cannot be used",
    }),
    done("a commit that GitHub does not know", "push", () => pushPayload("refs/tags/v9.9.9", COMMIT), {
      did: "fail",
      build: "releases/tagged/v9.9.9",
      attempt: 1,
      because: "GitHub has no such commit",
    }),
  ])("$what", async ({ event, payload, steps }) => {
    const { status, body } = await stand.deliver(event, payload());
    expect({ status, done: body.done }).toEqual({ status: 202, done: steps });
  });

  it("a branch that cannot be named fails its commit with the reason, and nothing of the name is told", async () => {
    const [run] = (await stand.checkRuns("tagged", head)).filter(
      ({ conclusion }) => conclusion === "failure",
    );
    expect(run).toMatchObject({
      external_id: "refused:branch-name",
      output: { title: "The branch's name cannot be used" },
    });
    expect(JSON.stringify(run)).not.toMatch(/u001b|\u202e/);
  });

  it("an architecture without a queue fails its commit with a sentence", async () => {
    const { data } = await stand.octokit.rest.repos.getBranch({
      owner: "hypriot",
      repo: "unserved",
      branch: "main",
    });
    const sha = data.commit.sha;
    const payload = {
      ...pushPayload("refs/heads/main", sha),
      repository: { ...repository("unserved"), pushed_at: 1 },
    };
    const { status, body } = await stand.deliver("push", payload);
    const id = `builds/unserved/${sha}`;
    expect({ status, done: body.done }).toEqual({
      status: 202,
      done: [{ did: "fail", build: id, attempt: 1, because: "No runner for armhf" }],
    });
    expect(await stand.checkRuns("unserved", sha)).toMatchObject([
      { status: "completed", conclusion: "failure", output: { title: "No runner for armhf" } },
    ]);
    expect(await stand.record(id)).toMatchObject({ state: "error", reason: "No runner for armhf" });
  });
});
