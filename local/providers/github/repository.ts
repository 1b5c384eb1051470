import { setTimeout as delay } from "node:timers/promises";
import type { RepositoryArgs } from "@pulumi/github/repository.js";
import { AlreadyExists, afterCreate } from "../framework/errors.ts";
import type { CheckFailure, Outputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub, isTaken } from "./client.ts";
import {
  type RepositoryAnswer,
  type RepositoryInputs,
  repositoryInputs,
  repositoryOutputs,
  securityFields,
  settingDefaults,
  settingsBody,
} from "./repository-settings.ts";
import { canonical } from "./written.ts";

/** GitHub fills a repository from its template in the background; this is how often and how long we look. */
const POLL_MILLISECONDS = 500;
const POLL_ATTEMPTS = 120;

const REPOSITORY_NAME = /^[-a-zA-Z0-9_.]{1,100}$/;
const TOPIC = /^[a-z0-9][a-z0-9-]{0,49}$/;
const VISIBILITIES: readonly string[] = ["public", "private", "internal"];

function check(inputs: Partial<RepositoryInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, value: unknown, expected: string) =>
    failures.push({ property, reason: `found ${JSON.stringify(value)}; expected ${expected}` });
  if (inputs.name !== undefined && !REPOSITORY_NAME.test(inputs.name)) {
    fail("name", inputs.name, "1 to 100 letters, digits, '-', '_' or '.'");
  }
  if (inputs.visibility !== undefined && !VISIBILITIES.includes(inputs.visibility)) {
    fail("visibility", inputs.visibility, `one of ${VISIBILITIES.join(", ")}`);
  }
  for (const [index, topic] of (inputs.topics ?? []).entries()) {
    if (typeof topic === "string" && !TOPIC.test(topic)) {
      fail(`topics[${index}]`, topic, "1 to 50 lower case letters, digits or '-', not starting with '-'");
    }
  }
  return failures;
}

function nameOf(inputs: RepositoryInputs): string {
  if (inputs.name === undefined) {
    throw new Error("name: missing; expected the repository's name");
  }
  return inputs.name;
}

async function get({ api, owner }: GitHub, repo: string): Promise<RepositoryAnswer | undefined> {
  return (await found(api.rest.repos.get({ owner, repo })))?.data;
}

/** By its name of old, or by its number where somebody, or an update that failed half way, renamed it. */
async function find(github: GitHub, name: string, outputs: Outputs): Promise<RepositoryAnswer | undefined> {
  const named = await get(github, name);
  if (named !== undefined || typeof outputs.repoId !== "number") {
    return named;
  }
  const route: string = "GET /repositories/{id}";
  return (await found(github.api.request(route, { id: outputs.repoId })))?.data as
    | RepositoryAnswer
    | undefined;
}

async function make({ api, owner }: GitHub, inputs: RepositoryInputs): Promise<RepositoryAnswer> {
  const name = nameOf(inputs);
  const visibility = inputs.visibility ?? "public";
  if (inputs.template !== undefined) {
    const { data } = await api.rest.repos.createUsingTemplate({
      template_owner: inputs.template.owner,
      template_repo: inputs.template.repository,
      owner,
      name,
      description: inputs.description ?? "",
      include_all_branches: inputs.template.includeAllBranches ?? false,
      private: visibility !== "public",
    });
    return data as RepositoryAnswer;
  }
  const body = { ...settingsBody(inputs), name, visibility, private: visibility !== "public" };
  const options = { ...body, auto_init: inputs.autoInit ?? false };
  const isOrganization = (await found(api.rest.orgs.get({ org: owner }))) !== undefined;
  const { data } = await api.request(isOrganization ? "POST /orgs/{org}/repos" : "POST /user/repos", {
    org: owner,
    ...options,
  });
  return data as RepositoryAnswer;
}

/** Others (files, rulesets, a clone) need the first commit: a repository is there once its branch is. */
async function firstCommit({ api, owner }: GitHub, repo: string, branch: string): Promise<void> {
  for (let attempt = 0; attempt < POLL_ATTEMPTS; attempt += 1) {
    if ((await found(api.rest.repos.getBranch({ owner, repo, branch }))) !== undefined) {
      return;
    }
    await delay(POLL_MILLISECONDS);
  }
  const seconds = (POLL_MILLISECONDS * POLL_ATTEMPTS) / 1000;
  throw new Error(`${owner}/${repo}: no commit on ${branch} ${seconds} s after it was created`);
}

/** Makes a repository that exists as `inputs` say, whatever it is now. `current` is its name so far. */
async function apply(
  { api, owner }: GitHub,
  current: string,
  inputs: RepositoryInputs,
): Promise<RepositoryAnswer> {
  const repo = nameOf(inputs);
  const edit = async (name: string, body: Record<string, unknown>) => {
    // By route, not by the client's method: its types know fewer settings than the API takes.
    const route: string = "PATCH /repos/{owner}/{repo}";
    return (await api.request(route, { owner, repo: name, ...body })).data as RepositoryAnswer;
  };
  let answer = await edit(current, settingsBody(inputs));
  // On its own: GitHub refuses the whole edit where only the visibility cannot be changed.
  if (inputs.visibility !== undefined && inputs.visibility !== answer.visibility) {
    answer = await edit(repo, { visibility: inputs.visibility, private: inputs.visibility !== "public" });
  }
  const topics = inputs.topics ?? [];
  if (canonical(topics) !== canonical(answer.topics ?? [])) {
    const { data } = await api.rest.repos.replaceAllTopics({ owner, repo, names: topics });
    answer = { ...answer, topics: data.names };
  }
  if (inputs.vulnerabilityAlerts !== undefined) {
    const { enableVulnerabilityAlerts: enable, disableVulnerabilityAlerts: disable } = api.rest.repos;
    await (inputs.vulnerabilityAlerts ? enable : disable)({ owner, repo });
  }
  return answer;
}

/** Who was killed between making a repository and recording it finds it made from the very same template. */
async function unfinished(github: GitHub, inputs: RepositoryInputs): Promise<RepositoryAnswer | undefined> {
  const there = await get(github, nameOf(inputs));
  const [actual, wanted] = [there?.template_repository, inputs.template];
  const same = actual?.name === wanted?.repository && actual?.owner.login === wanted?.owner;
  return wanted !== undefined && same ? there : undefined;
}

async function makeOrTakeUp(github: GitHub, inputs: RepositoryInputs): Promise<RepositoryAnswer> {
  try {
    return await make(github, inputs);
  } catch (error) {
    if (!isTaken(error)) {
      throw error;
    }
    const there = await unfinished(github, inputs);
    if (there === undefined) {
      throw new AlreadyExists(nameOf(inputs), error);
    }
    if (there.archived) {
      throw new Error(
        `name: found ${there.full_name}, which exists and is archived; expected a name that is free, or the repository ` +
          "brought back as docs/boards.md says",
      );
    }
    return there;
  }
}

async function vulnerabilityAlerts({ api, owner }: GitHub, repo: string): Promise<boolean> {
  return (await found(api.rest.repos.checkVulnerabilityAlerts({ owner, repo }))) !== undefined;
}

const optional = Object.fromEntries(
  Object.entries(settingDefaults).map(([input, value]) => [input, { default: value }]),
);

export const repository: ResourceHandler<RepositoryArgs, GitHub> = {
  type: "github:index/repository:Repository",
  properties: {
    ...optional,
    name: { required: true },
    visibility: {},
    topics: { unordered: true },
    allowForking: {},
    webCommitSignoffRequired: {},
    // Used when the repository is made and never again: the official provider replaces for neither.
    template: { writeOnly: true, fields: { owner: true, repository: true, includeAllBranches: true } },
    autoInit: { writeOnly: true },
    archiveOnDestroy: { writeOnly: true },
    vulnerabilityAlerts: {},
    securityAndAnalysis: { fields: securityFields },
  },
  deleteBeforeReplace: true,
  check,

  async create(github, inputs) {
    const made = await makeOrTakeUp(github, inputs);
    let outputs = repositoryOutputs(made, inputs);
    await afterCreate(made.name, { ...outputs }, async () => {
      if (inputs.template !== undefined || inputs.autoInit === true) {
        await firstCommit(github, made.name, made.default_branch);
      }
      outputs = repositoryOutputs(await apply(github, made.name, inputs), inputs);
    });
    return { id: made.name, outputs };
  },

  async read(github, id, prior) {
    const answer = await find(github, prior?.inputs.name ?? id, prior?.outputs ?? {});
    if (answer === undefined) {
      return undefined;
    }
    const inputs = repositoryInputs(answer, prior?.inputs);
    if (prior?.inputs.vulnerabilityAlerts !== undefined) {
      inputs.vulnerabilityAlerts = await vulnerabilityAlerts(github, answer.name);
    }
    return { inputs, outputs: repositoryOutputs(answer, inputs) };
  },

  async update(github, _id, inputs, prior) {
    const current = await find(github, nameOf(prior.inputs), prior.outputs);
    if (current === undefined) {
      throw new Error(`${github.owner}/${prior.inputs.name}: gone; run refresh, then up creates it anew`);
    }
    // An archived repository is read-only: only leaving that state can be asked of it.
    const stillArchived = inputs.archived === true && current.archived;
    const answer = stillArchived ? current : await apply(github, current.name, inputs);
    return repositoryOutputs(answer, inputs);
  },

  async delete(github, _id, prior) {
    const { api, owner } = github;
    const current = await find(github, nameOf(prior.inputs), prior.outputs);
    if (current === undefined) {
      return;
    }
    const target = { owner, repo: current.name };
    if (prior.inputs.archiveOnDestroy !== true) {
      await deleted(api.rest.repos.delete(target));
    } else if (!current.archived) {
      await deleted(api.rest.repos.update({ ...target, archived: true }));
    }
  },
};
