import type { GetTeamArgs } from "@pulumi/github/getTeam.js";
import type { FunctionHandler, Outputs } from "../framework/resource.ts";
import { found, type GitHub } from "./client.ts";

async function members({ api, owner }: GitHub, slug: string): Promise<string[]> {
  const list = await api.paginate(api.rest.teams.listMembersInOrg, {
    org: owner,
    team_slug: slug,
    per_page: 100,
  });
  return list.map(({ login }) => login);
}

async function repositories({ api, owner }: GitHub, slug: string) {
  const list = await api.paginate(api.rest.teams.listReposInOrg, {
    org: owner,
    team_slug: slug,
    per_page: 100,
  });
  return list.map(({ id, name, role_name }) => ({ repoId: id, repoName: name, roleName: role_name ?? "" }));
}

/** A team of the organization by its slug; with `summaryOnly`, without its members and repositories. */
export const getTeam: FunctionHandler<GetTeamArgs, GitHub> = {
  token: "github:index/getTeam:getTeam",
  arguments: { slug: { required: true }, summaryOnly: { default: false } },

  async call(github, { slug, summaryOnly }): Promise<Outputs> {
    const { api, owner } = github;
    const answer = await found(api.rest.teams.getByName({ org: owner, team_slug: slug }));
    if (answer === undefined) {
      throw new Error(
        `slug: found ${JSON.stringify(slug)}; expected a team of ${owner} that the token can see`,
      );
    }
    const team = answer.data;
    const repositoriesDetaileds = summaryOnly === true ? [] : await repositories(github, slug);
    return {
      id: String(team.id),
      slug: team.slug,
      name: team.name,
      description: team.description ?? "",
      privacy: team.privacy ?? "",
      permission: team.permission,
      nodeId: team.node_id,
      notificationSetting: team.notification_setting ?? "",
      members: summaryOnly === true ? [] : await members(github, slug),
      repositories: repositoriesDetaileds.map(({ repoName }) => repoName),
      repositoriesDetaileds,
    };
  },
};
