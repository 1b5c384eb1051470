import { actorOf, isOrganizationAdmin, permissionLevel, repositoryCreator } from "../access.ts";
import { type Context, HttpError } from "../host/router.ts";
import { findRepository, type Repository, type Team, type TeamRepository } from "../host/rows.ts";
import { atLeast, type PermissionLevel } from "../rules/evaluate.ts";
import { showRepository } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf, requireIdentity } from "./support.ts";

const PERMISSIONS = ["pull", "triage", "push", "maintain", "admin"];

/** The emulator's place for an organization's members, which GitHub does not have. */
const INTERNAL_TEAM = "members";

function permissionFlags(permission: string): Record<string, boolean> {
  const level = PERMISSIONS.indexOf(permission);
  return Object.fromEntries(PERMISSIONS.map((name, at) => [name, at <= level]));
}

const ROLE: Readonly<Record<string, string>> = { pull: "read", push: "write" };

/** Teams and what they may do with repositories, and an App's repositories. */
export function addOrganization(front: RouteParts): void {
  const { router, db, baseUrl } = front;

  const teamOf = (context: Context): Team => {
    const organization = db.organizations.findOneBy("login", context.req.param("org"));
    const team = db.teams
      .findBy("org_id", organization?.id)
      .find(({ slug }) => slug === context.req.param("team") && slug !== INTERNAL_TEAM);
    if (organization === undefined || team === undefined) throw new HttpError(404, "Not Found");
    return team;
  };
  const showTeam = (team: Team, permission = team.permission) => {
    const organization = db.organizations.get(team.org_id);
    const url = `${baseUrl}/organizations/${team.org_id}/team/${team.id}`;
    return {
      id: team.id,
      node_id: team.node_id,
      name: team.name,
      slug: team.slug,
      description: team.description,
      privacy: team.privacy,
      notification_setting: "notifications_enabled",
      permission,
      url,
      html_url: `${baseUrl}/orgs/${organization?.login}/teams/${team.slug}`,
      members_url: `${url}/members{/member}`,
      repositories_url: `${url}/repos`,
      parent: null,
    };
  };
  const linkOf = (team: Team, repository: Repository): TeamRepository | undefined =>
    db.teamRepositories.findBy("team_id", team.id).find((row) => row.repo_id === repository.id);
  const permissionOf = (team: Team, link: TeamRepository) => link.permission ?? team.permission;
  const showLinked = (context: Context, team: Team, link: TeamRepository, repository: Repository) => {
    const permission = permissionOf(team, link);
    return {
      ...showRepository(db, identityOf(context), repository, baseUrl),
      permissions: permissionFlags(permission),
      role_name: ROLE[permission] ?? permission,
    };
  };

  router.get("/orgs/:org/teams", (context) => {
    requireIdentity(context);
    const organization = db.organizations.findOneBy("login", context.req.param("org"));
    if (organization === undefined) throw new HttpError(404, "Not Found");
    const teams = db.teams.findBy("org_id", organization.id).filter(({ slug }) => slug !== INTERNAL_TEAM);
    return context.json(page(context, teams).map((team) => showTeam(team)));
  });

  router.get("/orgs/:org/teams/:team", (context) => {
    requireIdentity(context);
    const team = teamOf(context);
    const organization = db.organizations.get(team.org_id);
    return context.json({
      ...showTeam(team),
      created_at: team.created_at,
      updated_at: team.updated_at,
      members_count: db.teamMembers.findBy("team_id", team.id).length,
      repos_count: db.teamRepositories.findBy("team_id", team.id).length,
      organization: { login: organization?.login, id: organization?.id, type: "Organization" },
    });
  });

  router.get("/orgs/:org/teams/:team/repos", (context) => {
    requireIdentity(context);
    const team = teamOf(context);
    const linked = db.teamRepositories.findBy("team_id", team.id).flatMap((link) => {
      const repository = db.repositories.get(link.repo_id);
      return repository === undefined ? [] : [showLinked(context, team, link, repository)];
    });
    return context.json(page(context, linked));
  });

  const link = "/orgs/:org/teams/:team/repos/:owner/:repo";

  router.get(link, (context) => {
    requireIdentity(context);
    const team = teamOf(context);
    const repository = repositoryOf(db, context);
    const found = linkOf(team, repository);
    if (found === undefined) throw new HttpError(404, "Not Found");
    const wantsBody = /\.repository(?:\+json)?(?:$|[,;])/.test(context.req.header("accept") ?? "");
    return wantsBody ? context.json(showLinked(context, team, found, repository)) : context.body(null, 204);
  });

  /** Team access is changed by those who administer the repository. */
  const administered = (context: Context): { team: Team; repository: Repository } => {
    const identity = requireIdentity(context);
    const team = teamOf(context);
    const repository = findRepository(db, context.req.param("owner"), context.req.param("repo"));
    if (repository === undefined || permissionLevel(db, identity, repository) === "none")
      throw new HttpError(404, "Not Found");
    if (!atLeast(permissionLevel(db, identity, repository), "admin")) {
      throw new HttpError(403, "Must have admin rights to Repository.");
    }
    if (repository.owner_type !== "Organization" || repository.owner_id !== team.org_id) {
      throw invalid("Repository must belong to this organization");
    }
    return { team, repository };
  };

  router.put(link, async (context) => {
    const { team, repository } = administered(context);
    const { permission = team.permission } = await context.object();
    if (typeof permission !== "string" || !PERMISSIONS.includes(permission)) {
      throw invalid("Validation Failed", [
        `permission: found ${JSON.stringify(permission)}; expected ${PERMISSIONS.join(", ")}`,
      ]);
    }
    const found = linkOf(team, repository);
    if (found === undefined)
      db.teamRepositories.insert({ team_id: team.id, repo_id: repository.id, permission });
    else db.teamRepositories.update(found.id, { permission });
    return context.body(null, 204);
  });

  router.delete(link, (context) => {
    const { team, repository } = administered(context);
    const found = linkOf(team, repository);
    if (found !== undefined) db.teamRepositories.delete(found.id);
    return context.body(null, 204);
  });

  router.get("/repos/:owner/:repo/teams", (context) => {
    const repository = repositoryOf(db, context);
    const teams = db.teamRepositories.findBy("repo_id", repository.id).flatMap((row) => {
      const team = db.teams.get(row.team_id);
      if (team === undefined) return [];
      const permission = permissionOf(team, row);
      return [{ ...showTeam(team, permission), permissions: permissionFlags(permission) }];
    });
    return context.json(page(context, teams));
  });

  router.get("/orgs/:org/repos", (context) => {
    const organization = db.organizations.findOneBy("login", context.req.param("org"));
    if (organization === undefined) throw new HttpError(404, "Not Found");
    const identity = identityOf(context);
    const rows = db.repositories
      .findBy("owner_id", organization.id)
      .filter((row) => row.owner_type === "Organization" && permissionLevel(db, identity, row) !== "none");
    return context.json(page(context, rows).map((row) => showRepository(db, identity, row, baseUrl)));
  });

  // The emulator lets only people make a repository.
  router.post("/orgs/:org/repos", (context, next) => {
    const organization = db.organizations.findOneBy("login", context.req.param("org"));
    if (organization === undefined) throw new HttpError(404, "Not Found");
    const creator = repositoryCreator(db, requireIdentity(context), organization.id);
    if (creator === undefined) throw new HttpError(403, "Must be an organization owner.");
    context.set("authUser", { login: creator.login, id: creator.id, scopes: [] });
    return next();
  });

  // The emulator lets any user change an organization and its teams.
  const guarded = async (context: Context, next: () => Promise<ReturnType<Context["json"]> | undefined>) => {
    const identity = requireIdentity(context);
    const organization = db.organizations.findOneBy("login", context.req.param("org"));
    const user = db.users.findOneBy("login", identity.login);
    const admin =
      organization !== undefined && user !== undefined && isOrganizationAdmin(db, organization.id, user.id);
    if (!admin) throw new HttpError(403, "Must be an organization owner.");
    return next();
  };
  for (const path of ["/orgs/:org", "/orgs/:org/:rest{.+}"]) {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      router.on(method, path, (context, next) =>
        /\/teams\/[^/]+\/repos\//.test(context.url.pathname) ? next() : guarded(context, next),
      );
    }
  }

  router.get("/installation/repositories", (context) => {
    const identity = requireIdentity(context);
    if (identity.installation === undefined)
      throw new HttpError(
        403,
        "You must authenticate with an installation access token in order to list repositories for an installation.",
      );
    const reached = db.repositories.all().filter((row) => actorReaches(row));
    function actorReaches(row: Repository): boolean {
      const { accountId, accountType, repositorySelection, repositoryIds } = identity.installation ?? {};
      return (
        row.owner_id === accountId &&
        row.owner_type === accountType &&
        (repositorySelection === "all" || repositoryIds?.includes(row.id) === true)
      );
    }
    return context.json({
      total_count: reached.length,
      repository_selection: identity.installation.repositorySelection,
      repositories: page(context, reached).map((row) => showRepository(db, identity, row, baseUrl)),
    });
  });

  router.get("/repos/:owner/:repo/collaborators/:username/permission", (context) => {
    const repository = repositoryOf(db, context);
    const user = db.users.findOneBy("login", context.req.param("username"));
    if (user === undefined) throw new HttpError(404, "Not Found");
    const level: PermissionLevel = actorOf(
      db,
      { login: user.login, id: user.id, scopes: [] },
      repository,
    ).level;
    const permission = level === "maintain" ? "write" : level === "triage" ? "read" : level;
    return context.json({
      permission,
      role_name: level,
      user: { login: user.login, id: user.id, type: user.type },
    });
  });
}
