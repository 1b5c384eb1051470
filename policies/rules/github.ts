import type { ResourceRule, StackRule, Subject } from "./rule.ts";
import { list, record, shown } from "./values.ts";

const REPOSITORY = "github:index/repository:Repository";
const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
const WEBHOOK = "github:index/repositoryWebhook:RepositoryWebhook";

const isLoopback = (url: URL) => url.hostname === "127.0.0.1" || url.hostname === "localhost";

export const webhooksSigned: ResourceRule = {
  name: "webhooks-signed",
  description: "Webhooks go over HTTPS and are signed",
  reason: "Whoever can send the receiver an unsigned delivery can start builds.",
  fix: "Give the webhook an https URL, a secret, and insecureSsl false.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    if (type !== WEBHOOK) return [];
    const { url, secret, insecureSsl, contentType } = record(props.configuration);
    const target = URL.canParse(String(url)) ? new URL(String(url)) : undefined;
    const encrypted = target !== undefined && (target.protocol === "https:" || isLoopback(target));
    return [
      ...(encrypted ? [] : ["its URL is not https"]),
      ...(secret ? [] : ["it has no secret, so that nothing is signed"]),
      ...(insecureSsl === true ? ["insecureSsl is on: nobody looks at the certificate"] : []),
      ...(contentType === "json" ? [] : [`contentType is ${shown(contentType)}, the receiver takes json`]),
    ];
  },
};

const isBranchRuleset = ({ type, props }: Subject) => type === RULESET && props.target === "branch";

export const branchesProtected: ResourceRule = {
  name: "branches-protected",
  description: "Rulesets of branches are active and want a pull request with a check that passed",
  reason: "What is on the default branch becomes an image that people run.",
  fix: "Keep protection.requiredChecks in the stack file, and the rules of components/plan/ruleset.ts.",
  severity: "critical",
  level: "mandatory",
  check: (subject) => {
    if (!isBranchRuleset(subject)) return [];
    const rules = record(subject.props.rules);
    const checks = list(record(rules.requiredStatusChecks).requiredChecks);
    return [
      ...(subject.props.enforcement === "active"
        ? []
        : [`enforcement is ${shown(subject.props.enforcement)}`]),
      ...(rules.pullRequest ? [] : ["no pull request is needed"]),
      ...(checks.length > 0 ? [] : ["no check is required"]),
      ...(rules.deletion === true ? [] : ["the branch may be deleted"]),
      ...(rules.nonFastForward === true ? [] : ["force pushes are allowed"]),
    ];
  },
};

export const reviewsRequired: ResourceRule = {
  name: "reviews-required",
  description: "A protected branch wants a review that approves",
  reason: "One stolen account must not be enough to release an image.",
  fix: "Set protection.approvals to 1 or more; where one person works alone, make the policy advisory in the stack file.",
  severity: "high",
  level: "mandatory",
  check: (subject) => {
    if (!isBranchRuleset(subject)) return [];
    const pullRequest = record(record(subject.props.rules).pullRequest);
    const reviews = Number(pullRequest.requiredApprovingReviewCount ?? 0);
    return reviews >= 1 ? [] : ["no review is required"];
  },
};

export const bypassAllowList: ResourceRule = {
  name: "bypass-allow-list",
  description:
    "Only the pipeline's App passes protection at any time, and an organization's admins by pull request",
  reason: "Who may pass protection is not protected against.",
  fix: "Take the actor out of protection.bypass; an admin gets mode pull_request.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }, { allowedApps }) => {
    if (type !== RULESET) return [];
    return list(props.bypassActors).flatMap((value) => {
      const { actorType, actorId, bypassMode } = record(value);
      const isApp = actorType === "Integration" && allowedApps.includes(Number(actorId));
      const isAdmin = actorType === "OrganizationAdmin" && bypassMode === "pull_request";
      return isApp || isAdmin
        ? []
        : [`${shown(actorType)} ${shown(actorId)} may pass it (${shown(bypassMode)})`];
    });
  },
};

/** Each repository that the pipeline builds from has both rulesets; templates have neither. */
export const tagsProtected: StackRule = {
  name: "tags-protected",
  description: "In every repository with a webhook, branch and release tags are protected",
  reason: "A tag that moves makes another image under the same version.",
  fix: "Make repositories with the PipelineRepository component.",
  severity: "critical",
  level: "mandatory",
  *checkStack(subjects) {
    const guarded = (target: string, ...rules: string[]) =>
      new Set(
        subjects
          .filter(
            ({ type, props }) =>
              type === RULESET &&
              props.target === target &&
              props.enforcement === "active" &&
              rules.every((rule) => record(props.rules)[rule] === true),
          )
          .map(({ props }) => String(props.repository)),
      );
    const tags = guarded("tag", "update", "deletion");
    const branches = guarded("branch");
    for (const { urn, type, props } of subjects) {
      if (type !== WEBHOOK) continue;
      const repository = String(props.repository);
      if (!tags.has(repository))
        yield { urn, message: `${repository} has no active ruleset that keeps its tags` };
      if (!branches.has(repository))
        yield { urn, message: `${repository} has no active ruleset on its branch` };
    }
  },
};

export const repositoriesKept: ResourceRule = {
  name: "repositories-kept",
  description: "A repository that leaves the pipeline is archived, not deleted",
  reason: "People's work, issues and releases are in it, and nothing brings them back.",
  fix: "Set organization.archiveOnDestroy to true; for a throw-away stack make the policy advisory in its file.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    // A template holds only what the program itself put there.
    if (type !== REPOSITORY || props.isTemplate === true) return [];
    return props.archiveOnDestroy === true ? [] : ["archiveOnDestroy is off"];
  },
};
