import type { Identity, InstallationGrant } from "./auth.ts";
import type { Repository, Tables, User } from "./host/rows.ts";
import { type Actor, atLeast, type PermissionLevel } from "./rules/evaluate.ts";

const LEVEL_OF: Readonly<Record<string, PermissionLevel>> = {
  pull: "read",
  read: "read",
  triage: "triage",
  push: "write",
  write: "write",
  maintain: "maintain",
  admin: "admin",
};

function highest(levels: readonly PermissionLevel[]): PermissionLevel {
  return levels.reduce((best, level) => (atLeast(level, best) ? level : best), "none");
}

function memberships(db: Tables, organization: number, user: number) {
  return db.teamMembers
    .findBy("user_id", user)
    .map((membership) => ({ membership, team: db.teams.get(membership.team_id) }))
    .filter(({ team }) => team?.org_id === organization);
}

/** The emulator keeps the owners of an organization as maintainers of a team `members`. */
export function isOrganizationAdmin(db: Tables, organization: number, user: number): boolean {
  return memberships(db, organization, user).some(
    ({ membership, team }) => team?.slug === "members" && membership.role === "maintainer",
  );
}

/**
 * As whom a repository is made in an organization: the owner who asks for it or, for an App that may administrate
 * there, any owner, since the emulator knows people only. Undefined where whoever asks may not.
 */
export function repositoryCreator(db: Tables, identity: Identity, organization: number): User | undefined {
  const grant = identity.installation;
  if (grant === undefined) {
    const user = db.users.findOneBy("login", identity.login);
    return user !== undefined && isOrganizationAdmin(db, organization, user.id) ? user : undefined;
  }
  if (grant.accountId !== organization || grant.permissions.administration !== "write") return undefined;
  return db.users.all().find((user) => isOrganizationAdmin(db, organization, user.id));
}

/** Whether an installation's token is for the repository at all. */
function reaches(grant: InstallationGrant, repository: Repository): boolean {
  return (
    grant.accountId === repository.owner_id &&
    grant.accountType === repository.owner_type &&
    (grant.repositorySelection === "all" || grant.repositoryIds.includes(repository.id))
  );
}

/** What a token may do with this repository: an installation's permissions end where its reach ends. */
export function within(identity: Identity | undefined, repository: Repository): Identity | undefined {
  const grant = identity?.installation;
  if (grant === undefined || identity === undefined || reaches(grant, repository)) return identity;
  return { ...identity, installation: { ...grant, permissions: {} } };
}

function installationLevel(identity: Identity, repository: Repository): PermissionLevel {
  const grant = identity.installation;
  if (grant === undefined || !reaches(grant, repository)) return repository.private ? "none" : "read";
  if (grant.permissions.administration === "write") return "admin";
  if (grant.permissions.contents === "write") return "write";
  return grant.permissions.contents === undefined && repository.private ? "none" : "read";
}

/** What somebody (nobody: undefined) may do with a repository. */
export function permissionLevel(
  db: Tables,
  identity: Identity | undefined,
  repository: Repository,
): PermissionLevel {
  const everybody: PermissionLevel = repository.private ? "none" : "read";
  if (identity === undefined) return everybody;
  if (identity.installation !== undefined) return installationLevel(identity, repository);
  const user = db.users.findOneBy("login", identity.login);
  if (user === undefined) return everybody;
  if (repository.owner_type === "User" && repository.owner_id === user.id) return "admin";
  const collaborator = db.collaborators
    .findBy("repo_id", repository.id)
    .find((row) => row.user_id === user.id);
  const levels: PermissionLevel[] = [everybody, LEVEL_OF[collaborator?.permission ?? ""] ?? "none"];
  if (repository.owner_type === "Organization") {
    const own = memberships(db, repository.owner_id, user.id);
    if (isOrganizationAdmin(db, repository.owner_id, user.id)) return "admin";
    const organization = db.organizations.get(repository.owner_id);
    if (own.length > 0) levels.push(LEVEL_OF[organization?.default_repository_permission ?? ""] ?? "none");
    for (const { team } of own) {
      const link = db.teamRepositories
        .findBy("team_id", team?.id)
        .find((row) => row.repo_id === repository.id);
      if (link !== undefined) levels.push(LEVEL_OF[link.permission ?? team?.permission ?? ""] ?? "none");
    }
  }
  return highest(levels);
}

/** Who changes a ref, as the rules see it. */
export function actorOf(db: Tables, identity: Identity | undefined, repository: Repository): Actor {
  const level = permissionLevel(db, identity, repository);
  const integration = identity?.installation?.appId;
  const user =
    identity === undefined || integration !== undefined
      ? undefined
      : db.users.findOneBy("login", identity.login);
  const organization = repository.owner_type === "Organization" ? repository.owner_id : undefined;
  if (user === undefined || organization === undefined) {
    return { organizationAdmin: false, level, teams: [], integration };
  }
  return {
    organizationAdmin: isOrganizationAdmin(db, organization, user.id),
    level,
    teams: memberships(db, organization, user.id).flatMap(({ team }) =>
      team === undefined ? [] : [team.id],
    ),
    integration,
  };
}

interface Requirement {
  readonly method: RegExp;
  /** Of the path after `/repos/{owner}/{repo}`. */
  readonly path: RegExp;
  readonly level: PermissionLevel;
  /** An App's permissions that allow it too, any of them. */
  readonly app?: readonly string[];
}

/** Of a pull request, conversation and labels are those of an issue. */
const CONVERSATION = ["issues", "pull_requests"];

/** First match counts. What is not listed needs `read` to read and `write` to write. */
const REQUIREMENTS: readonly Requirement[] = [
  { method: /GET|HEAD/, path: /^\/hooks/, level: "admin", app: ["repository_hooks"] },
  { method: /GET|HEAD/, path: /^\/(vulnerability-alerts|actions\/secrets)/, level: "admin" },
  { method: /GET|HEAD/, path: /./, level: "read" },
  { method: /GET|HEAD/, path: /^$/, level: "read" },
  { method: /./, path: /^\/hooks/, level: "admin", app: ["repository_hooks"] },
  { method: /./, path: /^$/, level: "admin", app: ["administration"] },
  {
    method: /./,
    path: /^\/(rulesets|collaborators|topics|vulnerability-alerts|automated-security-fixes|transfer|teams|actions\/secrets)/,
    level: "admin",
    app: ["administration"],
  },
  { method: /./, path: /^\/branches\/.+\/protection/, level: "admin", app: ["administration"] },
  { method: /./, path: /^\/check-(runs|suites)/, level: "write", app: ["checks"] },
  { method: /./, path: /^\/statuses/, level: "write", app: ["statuses"] },
  { method: /POST/, path: /^\/(forks|generate)$/, level: "read" },
  { method: /POST/, path: /^\/issues$/, level: "read", app: ["issues"] },
  { method: /POST/, path: /^\/pulls$/, level: "read", app: ["pull_requests"] },
  { method: /POST|PATCH/, path: /^\/pulls\/\d+$/, level: "read", app: ["pull_requests"] },
  { method: /./, path: /^\/(issues|pulls)(\/\d+)?\/(comments|reviews)/, level: "read", app: CONVERSATION },
  { method: /./, path: /^\/issues/, level: "triage", app: CONVERSATION },
  { method: /./, path: /^\/(labels|milestones)/, level: "write", app: CONVERSATION },
  { method: /./, path: /./, level: "write" },
];

/** Whether a request on a repository is allowed; `path` is what follows `/repos/{owner}/{repo}`. */
export function allowed(
  method: string,
  path: string,
  level: PermissionLevel,
  identity: Identity | undefined,
): boolean {
  const requirement = REQUIREMENTS.find((entry) => entry.method.test(method) && entry.path.test(path));
  if (requirement === undefined) return false;
  const writes = method !== "GET" && method !== "HEAD";
  if (writes && identity === undefined) return false;
  const own = identity?.installation?.permissions;
  const granted = (requirement.app ?? []).flatMap((name) => own?.[name] ?? []);
  if (granted.length > 0 && level !== "none") return writes ? granted.includes("write") : true;
  // Where a permission of its own is for it, no other helps an App.
  if (own !== undefined && requirement.app === CONVERSATION) return false;
  return atLeast(level, requirement.level);
}
