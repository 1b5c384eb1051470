import type { RepositoryRulesetArgs } from "@pulumi/github/repositoryRuleset.js";
import type { CheckFailure, Outputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub, isTaken } from "./client.ts";
import {
  type RulesetBody,
  type RulesetInputs,
  ruleFields,
  rulesetBody,
  rulesetInputs,
} from "./ruleset-mapping.ts";
import { canonical } from "./written.ts";

/** What GitHub answers with: the body that made it, numbered. */
interface RulesetAnswer extends RulesetBody {
  readonly id: number;
  readonly node_id?: string;
}

const ENFORCEMENTS: readonly string[] = ["disabled", "active", "evaluate"];
const TARGETS: readonly string[] = ["branch", "tag", "push"];
const BYPASS_MODES: readonly string[] = ["always", "pull_request", "exempt"];
const ACTORS: readonly string[] = [
  "RepositoryRole",
  "Team",
  "Integration",
  "OrganizationAdmin",
  "DeployKey",
  "EnterpriseOwner",
  "User",
];

function check(inputs: Partial<RulesetInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const oneOf = (property: string, value: unknown, allowed: readonly string[]) => {
    if (typeof value === "string" && !allowed.includes(value)) {
      const reason = `found ${JSON.stringify(value)}; expected one of ${allowed.join(", ")}`;
      failures.push({ property, reason });
    }
  };
  oneOf("enforcement", inputs.enforcement, ENFORCEMENTS);
  oneOf("target", inputs.target, TARGETS);
  for (const [index, actor] of (inputs.bypassActors ?? []).entries()) {
    oneOf(`bypassActors[${index}].actorType`, actor?.actorType, ACTORS);
    oneOf(`bypassActors[${index}].bypassMode`, actor?.bypassMode, BYPASS_MODES);
  }
  if (inputs.target === "push" && inputs.conditions !== undefined) {
    failures.push({ property: "conditions", reason: "expected none: a push ruleset holds for every ref" });
  }
  return failures;
}

/** `<repository>:<id>`, as it is given to import; or the id alone, beside the prior repository. */
function locate(id: string, repository: string | undefined): { repo: string; ruleset_id: number } {
  const parts = id.split(":");
  const repo = repository ?? (parts.length === 2 ? parts[0] : undefined);
  const ruleset_id = Number(parts.at(-1));
  if (repo === undefined || parts.length > 2 || !Number.isSafeInteger(ruleset_id)) {
    throw new Error(`id: found ${JSON.stringify(id)}; expected <repository>:<number of the ruleset>`);
  }
  return { repo, ruleset_id };
}

const outputs = (answer: RulesetAnswer): Outputs => ({
  nodeId: answer.node_id ?? "",
  rulesetId: answer.id,
});

const RULESETS = "/repos/{owner}/{repo}/rulesets";

/** What an interrupted run made and could not record: of this name, and just what the inputs say. */
async function sameRuleset(
  { api, owner }: GitHub,
  inputs: RulesetInputs,
): Promise<RulesetAnswer | undefined> {
  const repo = inputs.repository;
  const { data } = await api.request(`GET ${RULESETS}` as string, { owner, repo, per_page: 100 });
  const listed = (data as readonly RulesetAnswer[]).find(({ name }) => name === inputs.name);
  if (listed === undefined) {
    return undefined;
  }
  const request = { owner, repo, ruleset_id: listed.id };
  const answer = (await api.request(`GET ${RULESETS}/{ruleset_id}` as string, request)).data as RulesetAnswer;
  return canonical(rulesetInputs(repo, answer, inputs)) === canonical(inputs) ? answer : undefined;
}

export const repositoryRuleset: ResourceHandler<RepositoryRulesetArgs, GitHub> = {
  type: "github:index/repositoryRuleset:RepositoryRuleset",
  properties: {
    name: { required: true },
    // Updated in place: a repository that is renamed keeps its rulesets.
    repository: { required: true },
    target: { required: true },
    enforcement: { required: true },
    conditions: { fields: { refName: { includes: true, excludes: true } } },
    bypassActors: { unordered: true, fields: { actorId: true, actorType: true, bypassMode: true } },
    rules: { required: true, fields: ruleFields },
  },
  check,

  async create(github, inputs) {
    const { api, owner } = github;
    const request = { owner, repo: inputs.repository, ...rulesetBody(inputs) };
    try {
      // By route, not by the client's method: its types know fewer rules than the API takes.
      const answer = (await api.request(`POST ${RULESETS}` as string, request)).data as RulesetAnswer;
      return { id: String(answer.id), outputs: outputs(answer) };
    } catch (error) {
      const there = isTaken(error) ? await sameRuleset(github, inputs) : undefined;
      if (there === undefined) {
        throw error;
      }
      return { id: String(there.id), outputs: outputs(there) };
    }
  },

  async read({ api, owner }, id, prior) {
    const at = locate(id, prior?.inputs.repository);
    const request = { owner, ...at, includes_parents: false };
    const response = await found(api.request(`GET ${RULESETS}/{ruleset_id}` as string, request));
    if (response === undefined) {
      return undefined;
    }
    const answer = response.data as RulesetAnswer;
    const inputs = rulesetInputs(at.repo, answer, prior?.inputs);
    return { id: String(answer.id), inputs, outputs: outputs(answer) };
  },

  async update({ api, owner }, id, inputs) {
    const request = { owner, ...locate(id, inputs.repository), ...rulesetBody(inputs) };
    const answer = (await api.request(`PUT ${RULESETS}/{ruleset_id}` as string, request))
      .data as RulesetAnswer;
    return outputs(answer);
  },

  async delete({ api, owner }, id, prior) {
    const request = { owner, ...locate(id, prior.inputs.repository) };
    await deleted(api.request(`DELETE ${RULESETS}/{ruleset_id}` as string, request));
  },
};
