import { IssueLabel } from "@pulumi/github/issueLabel.js";
import { Repository } from "@pulumi/github/repository.js";
import { RepositoryFile } from "@pulumi/github/repositoryFile.js";
import { RepositoryRuleset } from "@pulumi/github/repositoryRuleset.js";
import { RepositoryWebhook } from "@pulumi/github/repositoryWebhook.js";
import { TeamRepository } from "@pulumi/github/teamRepository.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { PIPELINE_LABELS } from "./plan/labels.ts";
import { branchRules, type Protection, tagRules } from "./plan/ruleset.ts";

/** The deliveries that the receiver knows what to do with. */
export const WEBHOOK_EVENTS = ["check_run", "check_suite", "pull_request", "push"] as const;

export type TeamPermission = "pull" | "triage" | "push" | "maintain" | "admin";

/** A file that the program keeps in a repository. People's changes of it are undone. */
export interface ManagedFile {
  /** What is behind the repository's in the resource's name; empty for the first file. */
  readonly suffix: string;
  readonly path: string;
  readonly content: Input<string>;
  /** What the commit says where it is from. */
  readonly origin: string;
}

export interface PipelineRepositoryArgs {
  /** The repository's name. */
  readonly repository: string;
  readonly description: string;
  readonly visibility: "public" | "private";
  readonly topics: readonly string[];
  /** What it starts from. Read once, when the repository is made. */
  readonly template: {
    readonly owner: string;
    readonly repository: Input<string>;
    /** The resources that complete the template. */
    readonly ready: readonly Resource[];
  };
  readonly protection: Protection;
  /** Glob of the release tags, `v*`. */
  readonly tagPattern: string;
  /**
   * A repository that leaves the pipeline is archived, not deleted: people's work is in it. It keeps its files, labels
   * and teams; rulesets and webhook go, since nobody reports the checks any more that they ask for.
   */
  readonly archiveOnDestroy: boolean;
  /** Team slug → permission. */
  readonly teams: Readonly<Record<string, TeamPermission>>;
  readonly webhook: {
    readonly url: Input<string>;
    readonly secret: Input<string>;
    /** The resources that make the receiver know the secret. */
    readonly ready: readonly Resource[];
  };
  /** The repository exists already: it is taken over instead of made, and its settings become these. */
  readonly adopt?: boolean;
  /** The files that the program keeps in the repository, `board.json` first. */
  readonly managedFiles: readonly ManagedFile[];
}

/** A repository that builds: what is pushed to it becomes an artifact. */
export class PipelineRepository extends ComponentResource {
  readonly name: Output<string>;
  readonly cloneUrl: Output<string>;
  readonly htmlUrl: Output<string>;

  constructor(name: string, args: PipelineRepositoryArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:PipelineRepository", name, {}, opts);
    const repository = new Repository(
      name,
      {
        name: args.repository,
        description: args.description,
        visibility: args.visibility,
        topics: [...args.topics],
        template: { owner: args.template.owner, repository: args.template.repository },
        hasIssues: true,
        hasProjects: false,
        hasWiki: false,
        allowMergeCommit: false,
        allowRebaseMerge: false,
        allowSquashMerge: true,
        deleteBranchOnMerge: true,
        archiveOnDestroy: args.archiveOnDestroy,
      },
      {
        parent: this,
        dependsOn: [...args.template.ready],
        // The engine reads it, then changes what differs; what GitHub does not tell of a repository cannot be compared.
        ...(args.adopt === true
          ? { import: args.repository, ignoreChanges: ["template", "archiveOnDestroy"] }
          : {}),
      },
    );
    const child = { parent: this };
    // Otherwise leaving the pipeline would commit its removal, or take its team from an archived repository.
    const keptWithRepository = { parent: this, deletedWith: repository };
    // Each file is a commit on the same branch: two at the same time would conflict.
    const managed: Resource[] = [];
    for (const { suffix, path, content, origin } of args.managedFiles) {
      const file = new RepositoryFile(
        `${name}${suffix}`,
        {
          repository: repository.name,
          branch: args.protection.branch,
          file: path,
          content,
          commitMessage: `Update ${path} from ${origin}`,
          overwriteOnCreate: true,
        },
        { ...keptWithRepository, dependsOn: managed.slice(-1) },
      );
      managed.push(file);
    }
    new RepositoryRuleset(
      `${name}-branch`,
      {
        name: `protect ${args.protection.branch}`,
        repository: repository.name,
        target: "branch",
        enforcement: "active",
        conditions: { refName: { includes: [`refs/heads/${args.protection.branch}`], excludes: [] } },
        rules: branchRules(args.protection),
        bypassActors: args.protection.bypass.map((actor) => ({ ...actor })),
      },
      // The managed files' first commits come before the rule that only lets pull requests in.
      { parent: this, dependsOn: managed },
    );
    new RepositoryRuleset(
      `${name}-tags`,
      {
        name: `protect tags ${args.tagPattern}`,
        repository: repository.name,
        target: "tag",
        enforcement: "active",
        conditions: { refName: { includes: [`refs/tags/${args.tagPattern}`], excludes: [] } },
        rules: tagRules(),
      },
      child,
    );
    // One by one: a list of all labels would take people's own off the issues of a repository that is taken over.
    for (const label of PIPELINE_LABELS) {
      new IssueLabel(
        `${name}-${label.name}`,
        { repository: repository.name, ...label },
        // GitHub has one label of a name: a renamed repository's must go before it is made again.
        { ...keptWithRepository, deleteBeforeReplace: true },
      );
    }
    for (const [team, permission] of Object.entries(args.teams)) {
      new TeamRepository(
        `${name}-${team}`,
        { teamId: team, repository: repository.name, permission },
        // A renamed repository's is made anew: made first, it would be taken away with the old one, by GitHub's redirect.
        { ...keptWithRepository, deleteBeforeReplace: true },
      );
    }
    new RepositoryWebhook(
      name,
      {
        repository: repository.name,
        events: [...WEBHOOK_EVENTS],
        active: true,
        configuration: {
          url: args.webhook.url,
          contentType: "json",
          secret: args.webhook.secret,
          insecureSsl: false,
        },
      },
      // What the program itself commits is no build, and GitHub's first ping must be answered. GitHub takes no second
      // webhook of the same address, which a renamed repository's would be.
      { parent: this, dependsOn: [...managed, ...args.webhook.ready], deleteBeforeReplace: true },
    );
    this.name = repository.name;
    this.cloneUrl = repository.httpCloneUrl;
    this.htmlUrl = repository.htmlUrl;
    this.registerOutputs({ name: this.name, cloneUrl: this.cloneUrl, htmlUrl: this.htmlUrl });
  }
}
