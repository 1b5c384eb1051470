import { permissionLevel } from "./access.ts";
import type { Identity } from "./auth.ts";
import { nodeId, type Repository, type Tables, type User } from "./host/rows.ts";
import { atLeast } from "./rules/evaluate.ts";

/** What GitHub's repository has and the emulator's rows lack, with GitHub's defaults. */
export const SETTINGS: Readonly<Record<string, unknown>> = {
  allow_update_branch: false,
  squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
  squash_merge_commit_message: "COMMIT_MESSAGES",
  use_squash_pr_title_as_default: false,
  merge_commit_title: "MERGE_MESSAGE",
  merge_commit_message: "PR_TITLE",
  web_commit_signoff_required: false,
  security_and_analysis: {
    secret_scanning: { status: "disabled" },
    secret_scanning_push_protection: { status: "disabled" },
    dependabot_security_updates: { status: "disabled" },
  },
};

export function showUser(user: User, baseUrl: string): Record<string, unknown> {
  return {
    login: user.login,
    id: user.id,
    node_id: user.node_id,
    avatar_url: `${baseUrl}/avatars/u/${user.login}`,
    url: `${baseUrl}/users/${user.login}`,
    html_url: `${baseUrl}/${user.login}`,
    type: user.type,
    site_admin: user.site_admin,
  };
}

function showOwner(db: Tables, repository: Repository, baseUrl: string): Record<string, unknown> {
  if (repository.owner_type === "User") {
    const user = db.users.get(repository.owner_id);
    return user === undefined ? {} : showUser(user, baseUrl);
  }
  const owner = db.organizations.get(repository.owner_id);
  return {
    login: owner?.login,
    id: owner?.id,
    node_id: owner?.node_id,
    avatar_url: `${baseUrl}/avatars/o/${owner?.login}`,
    url: `${baseUrl}/orgs/${owner?.login}`,
    html_url: `${baseUrl}/${owner?.login}`,
    type: "Organization",
    site_admin: false,
  };
}

/** The fields that the front adds to what the emulator's routes show of a repository. */
export function repositoryExtras(
  db: Tables,
  identity: Identity | undefined,
  repository: Repository,
  baseUrl: string,
): Record<string, unknown> {
  const level = permissionLevel(db, identity, repository);
  const url = `${baseUrl}/repos/${repository.full_name}`;
  const template = repository.settings?.template_repository;
  return {
    ...SETTINGS,
    ...repository.settings,
    // The emulator's own has no `{/sha}` on `refs`; Terraform's provider reads only what follows.
    git_refs_url: `${url}/git/refs{/sha}`,
    teams_url: `${url}/teams`,
    permissions: {
      admin: atLeast(level, "admin"),
      maintain: atLeast(level, "maintain"),
      push: atLeast(level, "write"),
      triage: atLeast(level, "triage"),
      pull: atLeast(level, "read"),
    },
    ...(template === undefined ? {} : { template_repository: template }),
  };
}

/** A repository in the events and answers that the front makes itself: all that the emulator's rows know. */
export function showRepository(
  db: Tables,
  identity: Identity | undefined,
  repository: Repository,
  baseUrl: string,
): Record<string, unknown> {
  const url = `${baseUrl}/repos/${repository.full_name}`;
  const html = `${baseUrl}/${repository.full_name}`;
  const {
    owner_id: _owner,
    owner_type: _type,
    forked_from_id: _parent,
    settings: _settings,
    ...fields
  } = repository;
  return {
    ...fields,
    node_id: repository.node_id === "" ? nodeId("Repository", repository.id) : repository.node_id,
    owner: showOwner(db, repository, baseUrl),
    url,
    html_url: html,
    clone_url: `${html}.git`,
    ...Object.fromEntries(
      ["hooks", "forks", "tags", "languages", "contributors", "merges", "deployments", "events"].map(
        (name) => [`${name}_url`, `${url}/${name}`],
      ),
    ),
    archive_url: `${url}/{archive_format}{/ref}`,
    branches_url: `${url}/branches{/branch}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    releases_url: `${url}/releases{/id}`,
    ...repositoryExtras(db, identity, repository, baseUrl),
  };
}
