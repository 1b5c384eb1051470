/** Payloads as GitHub sends them, with the fields that dispatch reads. */

export const NO_COMMIT = "0".repeat(40);
export const APP_ID = 1001;

export interface Repository {
  readonly name: string;
  readonly full_name: string;
}

export const repository = (name = "tagged"): Repository => ({ name, full_name: `hypriot/${name}` });

export function pushPayload(ref: string, after: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    ref,
    before: NO_COMMIT,
    after,
    deleted: after === NO_COMMIT,
    head_commit: after === NO_COMMIT ? null : { id: after },
    repository: { ...repository(), pushed_at: 1_790_000_000 },
    sender: { login: "maintainer" },
    ...more,
  };
}

export interface Pull {
  readonly action: string;
  readonly number?: number;
  readonly head: string;
  readonly ref?: string;
  /** The head's repository; null where it is gone. */
  readonly from?: string | null;
  readonly state?: "open" | "closed";
  readonly association?: string;
  readonly labels?: readonly string[];
  readonly label?: string;
  readonly sender?: string;
  readonly before?: string;
}

export function pullRequestPayload(pull: Pull, name = "forked") {
  const { action, number = 7, head, from = "stranger/forked" } = pull;
  return {
    action,
    number,
    ...(pull.before === undefined ? {} : { before: pull.before, after: head }),
    ...(pull.label === undefined ? {} : { label: { name: pull.label } }),
    pull_request: {
      number,
      state: pull.state ?? "open",
      title: "Change",
      head: {
        sha: head,
        ref: pull.ref ?? "change",
        repo: from === null ? null : { full_name: from },
      },
      user: { login: "stranger" },
      author_association: pull.association ?? "NONE",
      labels: (pull.labels ?? []).map((label) => ({ name: label })),
      updated_at: "2026-11-24T10:00:00Z",
    },
    repository: repository(name),
    sender: { login: pull.sender ?? "stranger" },
  };
}

export function checkRunPayload(externalId: string, commit: string, app: number | null = APP_ID) {
  return {
    action: "rerequested",
    check_run: {
      name: "hypriotos/build",
      head_sha: commit,
      external_id: externalId,
      app: app === null ? null : { id: app },
    },
    repository: repository(),
    sender: { login: "maintainer" },
  };
}
