import type { CheckRun, Issue, PullRequest, Review } from "./collaboration.ts";
import type { Row, Store } from "./store.ts";

/** The fields of the emulator's rows that the front reads or writes; the rows have more. */
export interface User extends Row {
  login: string;
  node_id: string;
  name: string | null;
  email: string | null;
  type: string;
  site_admin: boolean;
}

export interface Organization extends Row {
  login: string;
  node_id: string;
  default_repository_permission: string;
}

export interface Team extends Row {
  org_id: number;
  node_id: string;
  name: string;
  slug: string;
  description: string | null;
  privacy: string;
  permission: string;
  parent_id: number | null;
  members_count: number;
  repos_count: number;
}

export interface TeamMember extends Row {
  team_id: number;
  user_id: number;
  role: "member" | "maintainer";
}

export interface TeamRepository extends Row {
  team_id: number;
  repo_id: number;
  /** The emulator has no permission per link: the front adds it. */
  permission?: string;
}

export interface Repository extends Row {
  node_id: string;
  name: string;
  full_name: string;
  owner_id: number;
  owner_type: "User" | "Organization";
  private: boolean;
  visibility: string;
  description: string | null;
  default_branch: string;
  fork: boolean;
  forked_from_id: number | null;
  forks_count: number;
  archived: boolean;
  is_template: boolean;
  has_issues: boolean;
  allow_merge_commit: boolean;
  allow_squash_merge: boolean;
  allow_rebase_merge: boolean;
  delete_branch_on_merge: boolean;
  pushed_at: string | null;
  topics: string[];
  /** What GitHub's repository has and the emulator's lacks, by its name in the REST API. */
  settings?: Record<string, unknown>;
}

export interface Collaborator extends Row {
  repo_id: number;
  user_id: number;
  permission: string;
}

export interface Ref extends Row {
  repo_id: number;
  ref: string;
  sha: string;
  node_id: string;
}

export interface Branch extends Row {
  repo_id: number;
  name: string;
  sha: string;
  protected: boolean;
}

export interface Commit extends Row {
  repo_id: number;
  sha: string;
  node_id: string;
  message: string;
  author_name: string;
  author_email: string;
  author_date: string;
  committer_name: string;
  committer_email: string;
  committer_date: string;
  tree_sha: string;
  parent_shas: string[];
  user_id: number | null;
}

export interface TreeEntry {
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
  size?: number;
}

export interface Tree extends Row {
  repo_id: number;
  sha: string;
  node_id: string;
  tree: TreeEntry[];
  truncated: boolean;
}

export interface Blob extends Row {
  repo_id: number;
  sha: string;
  node_id: string;
  content: string;
  encoding: string;
  size: number;
}

export interface Tag extends Row {
  repo_id: number;
  tag: string;
  sha: string;
  node_id: string;
  message: string;
  tagger_name: string;
  tagger_email: string;
  tagger_date: string;
  object_type: string;
  object_sha: string;
}

export interface Webhook extends Row {
  repo_id: number | null;
  org_id: number | null;
  name: string;
  active: boolean;
  events: string[];
  config: { url: string; content_type: string; secret?: string; insecure_ssl: string };
  last_response: { code: number | null; status: string; message: string | null };
}

export interface App extends Row {
  app_id: number;
  slug: string;
  name: string;
  private_key: string;
  permissions: Record<string, string>;
  events: string[];
}

export interface Installation extends Row {
  installation_id: number;
  app_id: number;
  account_type: "User" | "Organization";
  account_id: number;
  account_login: string;
  repository_selection: "all" | "selected";
  repository_ids: number[];
  permissions: Record<string, string>;
  suspended_at: string | null;
}

export type { CheckRun, Issue, PullRequest, Review } from "./collaboration.ts";

/** Must be asked for with the emulator's own names and index fields: the rows are shared with its routes. */
export function tables(store: Store) {
  return {
    users: store.collection<User>("github.users", ["login"]),
    organizations: store.collection<Organization>("github.orgs", ["login"]),
    teams: store.collection<Team>("github.teams", ["org_id", "slug"]),
    teamMembers: store.collection<TeamMember>("github.team_members", ["team_id", "user_id"]),
    teamRepositories: store.collection<TeamRepository>("github.team_repos", ["team_id", "repo_id"]),
    repositories: store.collection<Repository>("github.repos", ["owner_id", "full_name"]),
    collaborators: store.collection<Collaborator>("github.collaborators", ["repo_id", "user_id"]),
    refs: store.collection<Ref>("github.refs", ["repo_id"]),
    branches: store.collection<Branch>("github.branches", ["repo_id"]),
    commits: store.collection<Commit>("github.commits", ["repo_id", "sha"]),
    trees: store.collection<Tree>("github.trees", ["repo_id", "sha"]),
    blobs: store.collection<Blob>("github.blobs", ["repo_id", "sha"]),
    tags: store.collection<Tag>("github.tags", ["repo_id"]),
    pullRequests: store.collection<PullRequest>("github.pull_requests", ["repo_id", "number"]),
    issues: store.collection<Issue>("github.issues", ["repo_id", "number"]),
    reviews: store.collection<Review>("github.reviews", ["repo_id", "pull_number"]),
    checkRuns: store.collection<CheckRun>("github.check_runs", ["repo_id", "head_sha"]),
    webhooks: store.collection<Webhook>("github.webhooks", ["repo_id", "org_id"]),
    apps: store.collection<App>("github.apps", ["slug"]),
    installations: store.collection<Installation>("github.app_installations", ["app_id", "installation_id"]),
  };
}

export type Tables = ReturnType<typeof tables>;

/** The node id as the emulator's rows have it. */
export function nodeId(type: string, id: number): string {
  return Buffer.from(`0:${type}${id}`).toString("base64").replace(/=+$/, "");
}

export function findRepository(db: Tables, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`;
  const exact = db.repositories.findOneBy("full_name", wanted);
  if (exact !== undefined) return exact;
  // GitHub's names are case-insensitive; the emulator's are not.
  return db.repositories.all().find((row) => row.full_name.toLowerCase() === wanted.toLowerCase());
}
