import type { Repository, User } from "../host/rows.ts";

export const NO_COMMIT = "0".repeat(40);

/** One commit as `git log` gives it. */
export interface LoggedCommit {
  readonly id: string;
  readonly tree: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committerName: string;
  readonly committerEmail: string;
  /** ISO 8601 with the committer's offset. */
  readonly timestamp: string;
  readonly message: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

export const LOG_FORMAT = "%x01%H%x00%T%x00%an%x00%ae%x00%cn%x00%ce%x00%cI%x00%B%x00";

/** Parses `git log -z --name-status --format=LOG_FORMAT`. */
export function parseLog(text: string): LoggedCommit[] {
  return text
    .split("\x01")
    .slice(1)
    .map((part) => {
      const [id = "", tree = "", authorName = "", authorEmail = "", ...rest] = part.split("\0");
      const [committerName = "", committerEmail = "", timestamp = "", message = "", ...names] = rest;
      const changes: Record<"added" | "removed" | "modified", string[]> = {
        added: [],
        removed: [],
        modified: [],
      };
      const fields = names.map((name) => name.replace(/^\n+/, "")).filter((name) => name !== "");
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const path = fields[at + 1] ?? "";
        const status = fields[at];
        (status === "A" ? changes.added : status === "D" ? changes.removed : changes.modified).push(path);
      }
      return {
        id,
        tree,
        authorName,
        authorEmail,
        committerName,
        committerEmail,
        timestamp,
        message: message.replace(/\n+$/, ""),
        ...changes,
      };
    });
}

export interface PushFacts {
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly forced: boolean;
  /** Oldest first; GitHub sends at most 2048. */
  readonly commits: readonly LoggedCommit[];
  /** The commit that `after` is, or that an annotated tag points to. */
  readonly head: LoggedCommit | undefined;
}

interface Parties {
  readonly baseUrl: string;
  readonly repository: Repository;
  /** The repository as the REST API shows it. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly sender: Readonly<Record<string, unknown>>;
  readonly pusher: Pick<User, "login" | "email">;
  /** The login of the user with this address, where there is one. */
  readonly loginOf: (email: string) => string | undefined;
}

function person(name: string, email: string, loginOf: Parties["loginOf"]) {
  const username = loginOf(email);
  return username === undefined ? { name, email } : { name, email, username };
}

function shownCommit(commit: LoggedCommit, parties: Parties) {
  return {
    id: commit.id,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.timestamp,
    url: `${parties.baseUrl}/${parties.repository.full_name}/commit/${commit.id}`,
    author: person(commit.authorName, commit.authorEmail, parties.loginOf),
    committer: person(commit.committerName, commit.committerEmail, parties.loginOf),
    added: commit.added,
    removed: commit.removed,
    modified: commit.modified,
  };
}

/** The `push` event of GitHub for one changed ref. */
export function pushPayload(push: PushFacts, parties: Parties): Record<string, unknown> {
  const { repository, baseUrl, shown, sender, pusher } = parties;
  const seconds = (date: string | null) => (date === null ? null : Math.floor(Date.parse(date) / 1000));
  const range =
    push.before === undefined || push.after === undefined
      ? `commit/${(push.after ?? push.before ?? "").slice(0, 12)}`
      : `compare/${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`;
  return {
    ref: push.ref,
    before: push.before ?? NO_COMMIT,
    after: push.after ?? NO_COMMIT,
    // In this event, and only here, GitHub gives these two as seconds.
    repository: {
      ...shown,
      created_at: seconds(repository.created_at),
      pushed_at: seconds(repository.pushed_at),
      master_branch: repository.default_branch,
    },
    pusher: { name: pusher.login, email: pusher.email },
    sender,
    created: push.before === undefined,
    deleted: push.after === undefined,
    forced: push.forced,
    base_ref: null,
    compare: `${baseUrl}/${repository.full_name}/${range}`,
    commits: push.commits.map((commit) => shownCommit(commit, parties)),
    head_commit: push.head === undefined ? null : shownCommit(push.head, parties),
  };
}

/** The `create` or `delete` event of GitHub for a branch or tag. */
export function refPayload(ref: string, parties: Parties, created: boolean): Record<string, unknown> {
  return {
    ref: ref.replace(/^refs\/(?:heads|tags)\//, ""),
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    ...(created
      ? { master_branch: parties.repository.default_branch, description: parties.repository.description }
      : {}),
    pusher_type: "user",
    repository: parties.shown,
    sender: parties.sender,
  };
}

export type { Parties };
