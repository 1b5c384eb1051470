import { setTimeout as delay } from "node:timers/promises";
import type { RepositoryArgs } from "@pulumi/github/repository.js";
import type { CheckFailure, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub } from "./client.ts";
import {
  type RepositoryAnswer,
  type RepositoryInputs,
  repositoryInputs,
  repositoryOutputs,
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

/** Makes an existing repository as `inputs` say; `before` is what was given last, undefined when just made. */
async function apply(
  github: GitHub,
  current: string,
  inputs: RepositoryInputs,
  before: RepositoryInputs | undefined,
): Promise<RepositoryAnswer> {
  const { api, owner } = github;
  const repo = nameOf(inputs);
  await api.request("PATCH /repos/{owner}/{repo}", { owner, repo: current, ...settingsBody(inputs) });
  if (canonical(inputs.topics ?? []) !== canonical(before?.topics ?? [])) {
    await api.rest.repos.replaceAllTopics({ owner, repo, names: inputs.topics ?? [] });
  }
  if (inputs.vulnerabilityAlerts !== before?.vulnerabilityAlerts) {
    const target = { owner, repo };
    await (inputs.vulnerabilityAlerts === true
      ? api.rest.repos.enableVulnerabilityAlerts(target)
      : api.rest.repos.disableVulnerabilityAlerts(target));
  }
  const { data } = await api.rest.repos.get({ owner, repo });
  const wanted = inputs.visibility;
  if (wanted === undefined || wanted === data.visibility) {
    return data;
  }
  // On its own: GitHub refuses the whole edit where only the visibility cannot be changed.
  const edit: Record<string, unknown> = { visibility: wanted, private: wanted !== "public" };
  await api.request("PATCH /repos/{owner}/{repo}", { owner, repo, ...edit });
  return (await api.rest.repos.get({ owner, repo })).data;
}

async function vulnerabilityAlerts({ api, owner }: GitHub, repo: string): Promise<boolean> {
  return (await found(api.rest.repos.checkVulnerabilityAlerts({ owner, repo }))) !== undefined;
}

export const repository: ResourceHandler<RepositoryArgs, GitHub> = {
  type: "github:index/repository:Repository",
  properties: {
    name: { required: true },
    description: {},
    homepageUrl: {},
    visibility: {},
    topics: {},
    hasIssues: {},
    hasProjects: {},
    hasWiki: {},
    hasDiscussions: {},
    isTemplate: {},
    // Used when the repository is made and never again: the official provider does not replace either.
    template: {},
    autoInit: {},
    allowMergeCommit: { default: true },
    allowSquashMerge: { default: true },
    allowRebaseMerge: { default: true },
    allowAutoMerge: { default: false },
    allowUpdateBranch: {},
    allowForking: {},
    deleteBranchOnMerge: { default: false },
    squashMergeCommitTitle: { default: "COMMIT_OR_PR_TITLE" },
    squashMergeCommitMessage: { default: "COMMIT_MESSAGES" },
    mergeCommitTitle: { default: "MERGE_MESSAGE" },
    mergeCommitMessage: { default: "PR_TITLE" },
    webCommitSignoffRequired: {},
    archived: { default: false },
    archiveOnDestroy: {},
    vulnerabilityAlerts: {},
    securityAndAnalysis: {},
  },
  deleteBeforeReplace: true,
  check,

  async create(github, inputs) {
    const made = await make(github, inputs);
    try {
      if (inputs.template !== undefined || inputs.autoInit === true) {
        await firstCommit(github, made.name, made.default_branch);
      }
      const answer = await apply(github, made.name, inputs, undefined);
      return { id: answer.name, outputs: repositoryOutputs(answer, inputs) };
    } catch (error) {
      // Half made, it would be in no state file and its name would block the next attempt.
      await deleted(github.api.rest.repos.delete({ owner: github.owner, repo: made.name }));
      throw error;
    }
  },

  async read(github, id, prior) {
    const answer = await get(github, prior?.inputs.name ?? id);
    if (answer === undefined) {
      return undefined;
    }
    const inputs = repositoryInputs(answer, prior?.inputs);
    if (prior === undefined) {
      inputs.autoInit = false;
    } else if (prior.inputs.vulnerabilityAlerts !== undefined) {
      inputs.vulnerabilityAlerts = await vulnerabilityAlerts(github, answer.name);
    }
    return { inputs, outputs: repositoryOutputs(answer, inputs) };
  },

  async update(github, _id, inputs, prior) {
    const current = nameOf(prior.inputs);
    const stillArchived = inputs.archived === true && prior.inputs.archived === true;
    // An archived repository is read-only: only leaving that state can be asked of it.
    const answer = stillArchived
      ? await get(github, current)
      : await apply(github, current, inputs, prior.inputs);
    if (answer === undefined) {
      throw new Error(`${github.owner}/${current}: gone; run refresh, then up creates it anew`);
    }
    return repositoryOutputs(answer, inputs);
  },

  async delete({ api, owner }, _id, prior) {
    const repo = nameOf(prior.inputs);
    if (prior.inputs.archiveOnDestroy !== true) {
      await deleted(api.rest.repos.delete({ owner, repo }));
      return;
    }
    if (prior.inputs.archived !== true) {
      await deleted(api.rest.repos.update({ owner, repo, archived: true }));
    }
  },
};
