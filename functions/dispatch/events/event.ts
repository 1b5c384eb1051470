/** A delivery as dispatch sees it: checked, and nothing in it that was not asked for. */
export type Event = PushEvent | PullRequestEvent | RerunEvent | OtherEvent;

export interface PushEvent {
  readonly type: "push";
  readonly ref: string;
  /** Undefined where the ref was made by this push. */
  readonly before: string | undefined;
  /** Undefined where the ref was deleted. */
  readonly after: string | undefined;
  /** The commit that the ref is on now; a tag may be on something else. */
  readonly commit: string | undefined;
  /** Seconds since the epoch: when the repository was pushed to. */
  readonly order: number;
}

export const PULL_REQUEST_ACTIONS = ["opened", "synchronize", "reopened", "labeled", "closed"] as const;

export interface PullRequestEvent {
  readonly type: "pull-request";
  readonly action: (typeof PULL_REQUEST_ACTIONS)[number];
  readonly number: number;
  readonly open: boolean;
  /** The commit that it would merge. */
  readonly head: string;
  /** The head's branch name, as git has it. */
  readonly branch: string;
  /** The head before a `synchronize`. */
  readonly before: string | undefined;
  /** Whether the head is in another repository. */
  readonly fork: boolean;
  readonly author: string;
  /** What the author is to the repository, as GitHub calls it. */
  readonly association: string;
  readonly sender: string;
  readonly labels: readonly string[];
  /** The label of a `labeled`. */
  readonly label: string | undefined;
  /** Seconds since the epoch: when it was changed. */
  readonly order: number;
}

/** Somebody asks to build again: one build, or all of a commit. */
export interface RerunEvent {
  readonly type: "rerun";
  readonly commit: string;
  /** The `external_id` of the check run; undefined for all of the commit. */
  readonly checkRun: string | undefined;
}

/** Nothing that dispatch acts on. */
export interface OtherEvent {
  readonly type: "other";
  readonly because: string;
}
