import type { RepositoryRulesetArgs } from "@pulumi/github/repositoryRuleset.js";
import type { CheckFailure, Outputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub } from "./client.ts";
import { type RulesetBody, type RulesetInputs, rulesetBody, rulesetInputs } from "./ruleset-mapping.ts";

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

const outputs = (inputs: RulesetInputs, answer: RulesetAnswer): Outputs => ({
  ...inputs,
  nodeId: answer.node_id ?? "",
  rulesetId: answer.id,
});

const RULESETS = "/repos/{owner}/{repo}/rulesets";

export const repositoryRuleset: ResourceHandler<RepositoryRulesetArgs, GitHub> = {
  type: "github:index/repositoryRuleset:RepositoryRuleset",
  properties: {
    name: { required: true },
    // Updated in place: a repository that is renamed keeps its rulesets.
    repository: { required: true },
    target: { required: true },
    enforcement: { required: true },
    conditions: {},
    bypassActors: {},
    rules: { required: true },
  },
  check,

  async create({ api, owner }, inputs) {
    const request = { owner, repo: inputs.repository, ...rulesetBody(inputs) };
    // By route, not by the client's method: its types know fewer rules than the API takes.
    const answer = (await api.request(`POST ${RULESETS}` as string, request)).data as RulesetAnswer;
    return { id: String(answer.id), outputs: outputs(inputs, answer) };
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
    return { id: String(answer.id), inputs, outputs: outputs(inputs, answer) };
  },

  async update({ api, owner }, id, inputs) {
    const request = { owner, ...locate(id, inputs.repository), ...rulesetBody(inputs) };
    const answer = (await api.request(`PUT ${RULESETS}/{ruleset_id}` as string, request))
      .data as RulesetAnswer;
    return outputs(inputs, answer);
  },

  async delete({ api, owner }, id, prior) {
    const request = { owner, ...locate(id, prior.inputs.repository) };
    await deleted(api.request(`DELETE ${RULESETS}/{ruleset_id}` as string, request));
  },
};
