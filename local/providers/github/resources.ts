import { issueLabels } from "./issue-labels.ts";
import { repository } from "./repository.ts";
import { repositoryFile } from "./repository-file.ts";
import { repositoryRuleset } from "./ruleset.ts";
import { teamRepository } from "./team-repository.ts";
import { repositoryWebhook } from "./webhook.ts";

/** Every GitHub resource type that the program uses. */
export const resources = [
  repository,
  repositoryFile,
  repositoryRuleset,
  repositoryWebhook,
  issueLabels,
  teamRepository,
] as const;
