import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { RepositoryArgs } from "@pulumi/github/repository.js";
import type { Inputs, Outputs } from "../framework/resource.ts";
import { asWritten } from "./written.ts";

export type RepositoryInputs = Inputs<RepositoryArgs>;
export type RepositoryAnswer = RestEndpointMethodTypes["repos"]["get"]["response"]["data"];

interface Setting {
  readonly input: keyof RepositoryInputs;
  /** The field's name in the REST API. */
  readonly field: string;
  /** What a missing input means. Without it GitHub decides, and only a given input is sent or compared. */
  readonly absent?: string | boolean;
}

/** What `PATCH /repos/{owner}/{repo}` sets, but for visibility, which has rules of its own. */
const SETTINGS: readonly Setting[] = [
  { input: "description", field: "description", absent: "" },
  { input: "homepageUrl", field: "homepage", absent: "" },
  { input: "hasIssues", field: "has_issues", absent: false },
  { input: "hasProjects", field: "has_projects", absent: false },
  { input: "hasWiki", field: "has_wiki", absent: false },
  { input: "hasDiscussions", field: "has_discussions", absent: false },
  { input: "isTemplate", field: "is_template", absent: false },
  { input: "allowMergeCommit", field: "allow_merge_commit", absent: true },
  { input: "allowSquashMerge", field: "allow_squash_merge", absent: true },
  { input: "allowRebaseMerge", field: "allow_rebase_merge", absent: true },
  { input: "allowAutoMerge", field: "allow_auto_merge", absent: false },
  { input: "allowUpdateBranch", field: "allow_update_branch", absent: false },
  { input: "deleteBranchOnMerge", field: "delete_branch_on_merge", absent: false },
  { input: "archived", field: "archived", absent: false },
  { input: "squashMergeCommitTitle", field: "squash_merge_commit_title", absent: "COMMIT_OR_PR_TITLE" },
  { input: "squashMergeCommitMessage", field: "squash_merge_commit_message", absent: "COMMIT_MESSAGES" },
  { input: "mergeCommitTitle", field: "merge_commit_title", absent: "MERGE_MESSAGE" },
  { input: "mergeCommitMessage", field: "merge_commit_message", absent: "PR_TITLE" },
  { input: "allowForking", field: "allow_forking" },
  { input: "webCommitSignoffRequired", field: "web_commit_signoff_required" },
];

/** What check fills in, so that what the program leaves out is managed all the same. */
export const settingDefaults: Readonly<Partial<Record<keyof RepositoryInputs, string | boolean>>> =
  Object.fromEntries(
    SETTINGS.flatMap(({ input, absent }) => (absent === undefined ? [] : [[input, absent]])),
  );

const SECURITY = {
  advancedSecurity: "advanced_security",
  codeSecurity: "code_security",
  secretScanning: "secret_scanning",
  secretScanningAiDetection: "secret_scanning_ai_detection",
  secretScanningNonProviderPatterns: "secret_scanning_non_provider_patterns",
  secretScanningPushProtection: "secret_scanning_push_protection",
} as const;

const STATUS = { status: true } as const;
export const securityFields = Object.fromEntries(Object.keys(SECURITY).map((key) => [key, STATUS]));

/** Whether GitHub takes a field, given the others: it refuses commit titles of a merge way that is off. */
function applies(setting: Setting, inputs: RepositoryInputs): boolean {
  if (setting.field.startsWith("squash_merge_")) {
    return inputs.allowSquashMerge !== false;
  }
  if (setting.field.startsWith("merge_commit_")) {
    return inputs.allowMergeCommit !== false;
  }
  // A public repository can always be forked, and GitHub answers 422 to being told so.
  return setting.input !== "allowForking" || inputs.visibility !== "public";
}

/** The body of an edit of the repository: every setting that the provider manages, but for visibility. */
export function settingsBody(inputs: RepositoryInputs): Record<string, unknown> {
  const body: Record<string, unknown> = { name: inputs.name };
  for (const setting of SETTINGS) {
    const value = inputs[setting.input] ?? setting.absent;
    if (value !== undefined && applies(setting, inputs)) {
      body[setting.field] = value;
    }
  }
  if (inputs.securityAndAnalysis !== undefined) {
    const security = inputs.securityAndAnalysis;
    const given = Object.entries(SECURITY).filter(([key]) => Object.hasOwn(security, key));
    body.security_and_analysis = Object.fromEntries(
      given.map(([key, field]) => [field, security[key as keyof typeof SECURITY]]),
    );
  }
  return body;
}

function securityFound(
  answer: RepositoryAnswer,
  prior: RepositoryInputs | undefined,
): RepositoryInputs["securityAndAnalysis"] {
  const before = prior?.securityAndAnalysis;
  const fields = (answer.security_and_analysis ?? undefined) as Record<string, unknown> | undefined;
  if (before === undefined || fields === undefined) {
    return before;
  }
  const given = Object.entries(SECURITY).filter(([key]) => Object.hasOwn(before, key));
  return Object.fromEntries(
    given.map(([key, field]) => [key, fields[field] ?? before[key as keyof typeof SECURITY]]),
  );
}

/**
 * The inputs that would make a repository as it is now. A field that GitHub does not answer with (to a
 * token with few rights, or for an archived repository) keeps its prior value: unseen is no change.
 */
export function repositoryInputs(answer: RepositoryAnswer, prior?: RepositoryInputs): RepositoryInputs {
  const fields: Readonly<Record<string, unknown>> = answer;
  const inputs: Record<string, unknown> = { name: answer.name };
  const put = (key: keyof RepositoryInputs, value: unknown) => {
    if (value !== undefined) {
      inputs[key] = value;
    }
  };
  for (const { input, field, absent } of SETTINGS) {
    const before = prior?.[input];
    if (absent !== undefined) {
      put(input, fields[field] === undefined ? (before ?? absent) : (fields[field] ?? absent));
    } else if (before !== undefined) {
      put(input, fields[field] ?? before);
    }
  }
  if (prior === undefined || prior.visibility !== undefined) {
    put("visibility", answer.visibility ?? (answer.private ? "private" : "public"));
  }
  if (prior === undefined || prior.topics !== undefined) {
    put("topics", asWritten(answer.topics ?? prior?.topics ?? [], prior?.topics));
  }
  const template = answer.template_repository;
  if (template !== undefined && template !== null) {
    put("template", { ...prior?.template, owner: template.owner.login, repository: template.name });
  }
  put("securityAndAnalysis", securityFound(answer, prior));
  return inputs;
}

/** The official provider's outputs. */
export function repositoryOutputs(answer: RepositoryAnswer, inputs: RepositoryInputs): Outputs {
  return {
    name: answer.name,
    fullName: answer.full_name,
    nodeId: answer.node_id,
    repoId: answer.id,
    htmlUrl: answer.html_url,
    httpCloneUrl: answer.clone_url,
    sshCloneUrl: answer.ssh_url,
    gitCloneUrl: answer.git_url,
    svnUrl: answer.svn_url,
    defaultBranch: answer.default_branch,
    primaryLanguage: answer.language ?? "",
    private: answer.private,
    visibility: answer.visibility ?? (answer.private ? "private" : "public"),
    topics: inputs.topics ?? answer.topics ?? [],
  };
}
