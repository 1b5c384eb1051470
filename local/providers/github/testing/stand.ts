import type { Octokit } from "@octokit/rest";
import sdk from "@pulumi/github/package.json" with { type: "json" };
import { steps } from "../../docker/testing/steps.ts";
import { connect as connectProvider, type TestClient } from "../../testing/client.ts";
import { connect } from "../client.ts";
import { githubProvider } from "../provider.ts";
import { startFront } from "./front.ts";

export const TYPES = {
  repository: "github:index/repository:Repository",
  file: "github:index/repositoryFile:RepositoryFile",
  ruleset: "github:index/repositoryRuleset:RepositoryRuleset",
  webhook: "github:index/repositoryWebhook:RepositoryWebhook",
  label: "github:index/issueLabel:IssueLabel",
  team: "github:index/teamRepository:TeamRepository",
} as const;

export interface Stand {
  readonly provider: TestClient;
  readonly steps: ReturnType<typeof steps>;
  /** Somebody else, who changes things behind the program's back. */
  readonly api: Octokit;
  readonly baseUrl: string;
  readonly owner: string;
  close(): Promise<void>;
}

/** A configured provider on a GitHub of its own. */
export async function stand(): Promise<Stand> {
  const front = await startFront();
  const config = { baseUrl: front.baseUrl, owner: front.organization, token: front.token };
  const provider = await connectProvider(githubProvider(sdk.version, {}), config);
  await provider.configure();
  return {
    provider,
    steps: steps(provider),
    api: connect(config, {}).api,
    baseUrl: front.baseUrl,
    owner: front.organization,
    async close() {
      provider.close();
      await front.stop();
    },
  };
}

/** A repository's arguments, with settings that are not GitHub's defaults. */
export const repositoryArgs = (name: string, extra: Readonly<Record<string, unknown>> = {}) => ({
  name,
  description: "An image",
  visibility: "public",
  topics: ["hypriotos", "arm64"],
  hasIssues: true,
  hasWiki: false,
  allowMergeCommit: false,
  allowRebaseMerge: false,
  deleteBranchOnMerge: true,
  autoInit: true,
  ...extra,
});
