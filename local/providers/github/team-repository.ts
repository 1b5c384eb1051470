import type { TeamRepositoryArgs } from "@pulumi/github/teamRepository.js";
import type { CheckFailure, Inputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub } from "./client.ts";

type TeamRepositoryInputs = Inputs<TeamRepositoryArgs>;

interface Team {
  readonly id: number;
  readonly slug: string;
}

/** From the strongest to the weakest. */
const PERMISSIONS = ["admin", "maintain", "push", "triage", "pull"] as const;

/** The permission by the name that it is set with: some answers call push and pull write and read. */
export function permissionOf(answer: {
  readonly role_name?: string;
  readonly permissions?: Readonly<Partial<Record<(typeof PERMISSIONS)[number], boolean>>>;
}): string {
  switch (answer.role_name) {
    case "read":
      return "pull";
    case "write":
      return "push";
    case undefined:
      return PERMISSIONS.find((permission) => answer.permissions?.[permission] === true) ?? "pull";
    default:
      return answer.role_name;
  }
}

/** The team by its number or its slug; undefined where the organization has none such. */
async function findTeam({ api, owner }: GitHub, team: string): Promise<Team | undefined> {
  if (!/^\d+$/.test(team)) {
    return (await found(api.rest.teams.getByName({ org: owner, team_slug: team })))?.data;
  }
  const teams = await api.paginate(api.rest.teams.list, { org: owner, per_page: 100 });
  return teams.find(({ id }) => id === Number(team));
}

/** `<team>:<repository>`: the team's number, or at import its slug as well. */
function locate(id: string): { team: string; repo: string } {
  const [team, repo, ...rest] = id.split(":");
  if (team === undefined || team === "" || repo === undefined || repo === "" || rest.length > 0) {
    throw new Error(`id: found ${JSON.stringify(id)}; expected <team>:<repository>`);
  }
  return { team, repo };
}

async function grant(github: GitHub, inputs: TeamRepositoryInputs): Promise<Team> {
  const { api, owner } = github;
  const team = await findTeam(github, inputs.teamId);
  if (team === undefined) {
    throw new Error(`teamId: found ${JSON.stringify(inputs.teamId)}; expected a team of ${owner}`);
  }
  await api.rest.teams.addOrUpdateRepoPermissionsInOrg({
    org: owner,
    team_slug: team.slug,
    owner,
    repo: inputs.repository,
    permission: inputs.permission ?? "pull",
  });
  return team;
}

function check(inputs: Partial<TeamRepositoryInputs>): CheckFailure[] {
  // The role of an organization's own making is a permission too: only the empty name is surely wrong.
  return inputs.permission === ""
    ? [{ property: "permission", reason: `found ""; expected one of ${PERMISSIONS.join(", ")}, or a role` }]
    : [];
}

export const teamRepository: ResourceHandler<TeamRepositoryArgs, GitHub> = {
  type: "github:index/teamRepository:TeamRepository",
  properties: {
    teamId: { required: true, replace: true },
    repository: { required: true, replace: true },
    permission: { default: "pull" },
  },
  // A grant is known by its team and repository: the old one's removal would take the new one away.
  deleteBeforeReplace: true,
  check,

  async create(github, inputs) {
    const team = await grant(github, inputs);
    return { id: `${team.id}:${inputs.repository}`, outputs: {} };
  },

  async read(github, id, prior) {
    const { team: wanted, repo } = locate(id);
    const team = await findTeam(github, wanted);
    if (team === undefined) {
      return undefined;
    }
    const { api, owner } = github;
    const answer = await found(
      api.rest.teams.checkPermissionsForRepoInOrg({
        org: owner,
        team_slug: team.slug,
        owner,
        repo,
        // Without it GitHub only says that there is a grant, not which.
        headers: { accept: "application/vnd.github.v3.repository+json" },
      }),
    );
    if (answer === undefined) {
      return undefined;
    }
    const inputs: TeamRepositoryInputs = {
      teamId: prior?.inputs.teamId ?? String(team.id),
      repository: repo,
      permission: permissionOf(answer.data),
    };
    return { id: `${team.id}:${repo}`, inputs, outputs: {} };
  },

  async update(github, _id, inputs) {
    await grant(github, inputs);
    return {};
  },

  async delete(github, id) {
    const { api, owner } = github;
    const { team: wanted, repo } = locate(id);
    const team = await found(findTeam(github, wanted));
    if (team !== undefined) {
      const grantOf = { org: owner, team_slug: team.slug, owner, repo };
      await deleted(api.rest.teams.removeRepoInOrg(grantOf));
    }
  },
};
