import { Repository } from "@pulumi/github/repository.js";
import { RepositoryFile } from "@pulumi/github/repositoryFile.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";

export interface TemplateRepositoryArgs {
  /** The repository's name. */
  readonly repository: string;
  readonly description: string;
  readonly visibility: "public" | "private";
  /** Path → content of every file that a new repository starts with. */
  readonly files: ReadonlyMap<string, string>;
  /** Paths of files that the pipeline itself changes later: they are made, and then left as they are. */
  readonly seeds?: readonly string[];
  /** The public key of releases, PEM: stands where a file says `{{release-key}}`. */
  readonly releaseKey: Input<string>;
}

const RELEASE_KEY = "{{release-key}}";

/** The file's content. One that does not show the key does not wait for it either. */
function contentOf(content: string, releaseKey: Input<string>): Input<string> {
  if (!content.includes(RELEASE_KEY)) return content;
  return output(releaseKey).apply((key) => content.replaceAll(RELEASE_KEY, () => key.trim()));
}

/** What new pipeline repositories of one kind start from. */
export class TemplateRepository extends ComponentResource {
  readonly name: Output<string>;
  /** A repository that is generated after these has all files. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: TemplateRepositoryArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:TemplateRepository", name, {}, opts);
    const repository = new Repository(
      name,
      {
        name: args.repository,
        description: args.description,
        visibility: args.visibility,
        isTemplate: true,
        autoInit: true,
        hasIssues: false,
        hasProjects: false,
        hasWiki: false,
      },
      { parent: this },
    );
    // Each file is a commit on the same branch: two at the same time would conflict.
    let previous: Resource = repository;
    for (const [path, content] of args.files) {
      previous = new RepositoryFile(
        `${name}/${path}`,
        {
          repository: repository.name,
          branch: "main",
          file: path,
          content: contentOf(content, args.releaseKey),
          commitMessage: `Update ${path}`,
          overwriteOnCreate: true,
        },
        {
          parent: this,
          dependsOn: [previous],
          ignoreChanges: args.seeds?.includes(path) ? ["content"] : [],
        },
      );
    }
    this.name = repository.name;
    this.ready = [previous];
    this.registerOutputs({ name: this.name });
  }
}
