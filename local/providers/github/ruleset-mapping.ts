import type { RepositoryRulesetArgs } from "@pulumi/github/repositoryRuleset.js";
import type { Fields, Inputs } from "../framework/resource.ts";
import { asWritten, canonical } from "./written.ts";

export type RulesetInputs = Inputs<RepositoryRulesetArgs>;
type BypassActor = NonNullable<RulesetInputs["bypassActors"]>[number];

/** A rule as the REST API has it. */
export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A ruleset as the REST API has it: the body of a request, and the part of an answer that the provider manages. */
export interface RulesetBody {
  readonly name: string;
  readonly target: string;
  readonly enforcement: string;
  readonly bypass_actors: readonly {
    readonly actor_id?: number | null;
    readonly actor_type: string;
    readonly bypass_mode: string;
  }[];
  readonly conditions?: {
    readonly ref_name?: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly Rule[];
}

/** Rules that are there or not, by input name. */
const FLAGS = {
  creation: "creation",
  deletion: "deletion",
  nonFastForward: "non_fast_forward",
  requiredLinearHistory: "required_linear_history",
  requiredSignatures: "required_signatures",
} as const;

interface Parameterised {
  readonly type: string;
  /** What GitHub takes for a parameter that is not given, by input name; requests must name some of them. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

const PATTERN_DEFAULTS = { negate: false };
const REQUIRED_CHECK_DEFAULTS = { doNotEnforceOnCreate: false, strictRequiredStatusChecksPolicy: false };

/** Rules with parameters, by input name. */
const PARAMETERISED: Readonly<Record<string, Parameterised>> = {
  branchNamePattern: { type: "branch_name_pattern", defaults: PATTERN_DEFAULTS },
  tagNamePattern: { type: "tag_name_pattern", defaults: PATTERN_DEFAULTS },
  commitMessagePattern: { type: "commit_message_pattern", defaults: PATTERN_DEFAULTS },
  commitAuthorEmailPattern: { type: "commit_author_email_pattern", defaults: PATTERN_DEFAULTS },
  committerEmailPattern: { type: "committer_email_pattern", defaults: PATTERN_DEFAULTS },
  copilotCodeReview: {
    type: "copilot_code_review",
    defaults: { reviewDraftPullRequests: false, reviewOnPush: false },
  },
  fileExtensionRestriction: { type: "file_extension_restriction" },
  filePathRestriction: { type: "file_path_restriction" },
  maxFilePathLength: { type: "max_file_path_length" },
  maxFileSize: { type: "max_file_size" },
  mergeQueue: {
    type: "merge_queue",
    defaults: {
      checkResponseTimeoutMinutes: 60,
      groupingStrategy: "ALLGREEN",
      maxEntriesToBuild: 5,
      maxEntriesToMerge: 5,
      mergeMethod: "MERGE",
      minEntriesToMerge: 1,
      minEntriesToMergeWaitMinutes: 5,
    },
  },
  pullRequest: {
    type: "pull_request",
    defaults: {
      allowedMergeMethods: ["merge", "squash", "rebase"],
      dismissStaleReviewsOnPush: false,
      requireCodeOwnerReview: false,
      requireLastPushApproval: false,
      requiredApprovingReviewCount: 0,
      requiredReviewThreadResolution: false,
    },
  },
  requiredCodeScanning: { type: "code_scanning" },
  requiredDeployments: { type: "required_deployments" },
  requiredStatusChecks: { type: "required_status_checks", defaults: REQUIRED_CHECK_DEFAULTS },
};

/** The rules by input name; their parameters are the SDK's types' business. */
export const ruleFields: Fields = Object.fromEntries(
  [...Object.keys(FLAGS), "update", "updateAllowsFetchAndMerge", ...Object.keys(PARAMETERISED)].map(
    (name) => [name, true],
  ),
);

/** Where the SDK's name is not the REST name in camel case. */
const RENAMED: Readonly<Record<string, string>> = {
  requiredChecks: "required_status_checks",
  requiredCodeScanningTools: "code_scanning_tools",
};
const RENAMED_BACK = new Map(Object.entries(RENAMED).map(([input, field]) => [field, input]));

const toField = (key: string) =>
  RENAMED[key] ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toInput = (field: string) =>
  RENAMED_BACK.get(field) ?? field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function renameKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => renameKeys(element, rename));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([key, member]) => [rename(key), renameKeys(member, rename)]));
}

/** The list of rules for the SDK's `rules` object, in a fixed order. */
export function rulesToRest(rules: RulesetInputs["rules"]): Rule[] {
  const given: Readonly<Record<string, unknown>> = { ...rules };
  const list: Rule[] = [];
  for (const [input, type] of Object.entries(FLAGS)) {
    if (given[input] === true) {
      list.push({ type });
    }
  }
  if (rules.update === true) {
    const parameters = { update_allows_fetch_and_merge: rules.updateAllowsFetchAndMerge ?? false };
    list.push({ type: "update", parameters });
  }
  for (const [input, { type, defaults }] of Object.entries(PARAMETERISED)) {
    const parameters = given[input];
    if (typeof parameters === "object" && parameters !== null) {
      const renamed = renameKeys({ ...defaults, ...parameters }, toField);
      list.push({ type, parameters: renamed as Readonly<Record<string, unknown>> });
    }
  }
  return list;
}

/**
 * The SDK's `rules` object for a list of rules, with every parameter that GitHub names. A rule of a type that
 * the SDK does not know shows up under its own name, so that it is seen as a change and not passed over.
 */
export function rulesFromRest(list: readonly Rule[]): RulesetInputs["rules"] {
  const rules: Record<string, unknown> = {};
  const flags = new Map(Object.entries(FLAGS).map(([input, type]) => [type as string, input]));
  const parameterised = new Map(Object.entries(PARAMETERISED).map(([input, { type }]) => [type, input]));
  for (const { type, parameters = {} } of list) {
    const flag = flags.get(type);
    if (type === "update") {
      rules.update = true;
      rules.updateAllowsFetchAndMerge = parameters.update_allows_fetch_and_merge === true;
    } else if (flag !== undefined) {
      rules[flag] = true;
    } else {
      rules[parameterised.get(type) ?? toInput(type)] = renameKeys(parameters, toInput);
    }
  }
  return rules;
}

export function rulesetBody(inputs: RulesetInputs): RulesetBody {
  const refName = inputs.conditions?.refName;
  return {
    name: inputs.name ?? "",
    target: inputs.target,
    enforcement: inputs.enforcement,
    // Always named: left out, an edit would keep actors that the program no longer gives.
    bypass_actors: (inputs.bypassActors ?? []).map(({ actorId, actorType, bypassMode }) => ({
      ...(actorId === undefined ? {} : { actor_id: actorId }),
      actor_type: actorType,
      bypass_mode: bypassMode,
    })),
    ...(refName === undefined
      ? {}
      : { conditions: { ref_name: { include: refName.includes, exclude: refName.excludes } } }),
    rules: rulesToRest(inputs.rules),
  };
}

/** These are one actor however GitHub numbers them (it answers with 1, or with nothing). */
const UNNUMBERED = new Set(["OrganizationAdmin", "EnterpriseOwner", "DeployKey"]);

const identity = ({ actorId, actorType, bypassMode }: BypassActor) =>
  canonical([actorType, bypassMode, UNNUMBERED.has(actorType) ? 0 : (actorId ?? 0)].map(String).join(" "));

function bypassActors(
  body: RulesetBody,
  prior: readonly BypassActor[] | undefined,
): RulesetInputs["bypassActors"] {
  const actual = body.bypass_actors.map(({ actor_id, actor_type, bypass_mode }) => ({
    ...(actor_id === undefined || actor_id === null ? {} : { actorId: actor_id }),
    actorType: actor_type,
    bypassMode: bypass_mode,
  }));
  const written = actual.map((actor) => prior?.find((other) => identity(other) === identity(actor)) ?? actor);
  return asWritten(written, prior) as RulesetInputs["bypassActors"];
}

/** The inputs that would make the ruleset that GitHub answered with, in the form of the prior inputs. */
export function rulesetInputs(
  repository: string,
  answer: RulesetBody,
  prior: RulesetInputs | undefined,
): RulesetInputs {
  const defaults = Object.fromEntries(
    Object.entries(PARAMETERISED).map(([key, rule]) => [key, rule.defaults]),
  );
  const actors = bypassActors(answer, prior?.bypassActors);
  const { include = [], exclude = [] } = answer.conditions?.ref_name ?? {};
  const before = prior?.conditions?.refName;
  const conditions =
    before === undefined && include.length === 0 && exclude.length === 0
      ? undefined
      : {
          refName: {
            includes: asWritten(include, before?.includes ?? []) as string[],
            excludes: asWritten(exclude, before?.excludes ?? []) as string[],
          },
        };
  return {
    name: answer.name,
    repository,
    target: answer.target,
    enforcement: answer.enforcement,
    ...(actors === undefined ? {} : { bypassActors: actors }),
    ...(conditions === undefined ? {} : { conditions }),
    rules: asWritten(rulesFromRest(answer.rules), prior?.rules, defaults) as RulesetInputs["rules"],
  };
}
