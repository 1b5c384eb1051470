import type { Row } from "./store.ts";

/** The fields of the emulator's rows about pull requests and checks that the front reads or writes. */
export interface PullRequest extends Row {
  repo_id: number;
  number: number;
  title: string;
  body: string | null;
  state: string;
  draft: boolean;
  user_id: number;
  head_ref: string;
  head_sha: string;
  head_repo_id: number;
  base_ref: string;
  base_sha: string;
  base_repo_id: number;
  merged: boolean;
  merged_at: string | null;
  merged_by_id: number | null;
  merge_commit_sha: string | null;
  mergeable: boolean;
  mergeable_state: string;
  closed_at: string | null;
  commits: number;
  additions: number;
  deletions: number;
  changed_files: number;
  label_ids: number[];
}

export interface Label extends Row {
  repo_id: number;
  node_id: string;
  name: string;
  description: string | null;
  color: string;
  default: boolean;
}

export interface Issue extends Row {
  repo_id: number;
  number: number;
  state: string;
  closed_at: string | null;
  closed_by_id: number | null;
  is_pull_request: boolean;
  label_ids: number[];
  comments: number;
}

/** A comment in the conversation of an issue or a pull request; the emulator keeps others in the same table. */
export interface IssueComment extends Row {
  node_id: string;
  repo_id: number;
  issue_number: number | null;
  user_id: number;
  body: string;
  comment_type: "issue" | "review" | "commit";
}

export interface Review extends Row {
  repo_id: number;
  pull_number: number;
  user_id: number;
  state: string;
  commit_id: string;
}

export interface CheckRun extends Row {
  repo_id: number;
  head_sha: string;
  name: string;
  status: string;
  conclusion: string | null;
  app_id?: number | null;
  check_suite_id?: number;
}
