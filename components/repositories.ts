import type { Output, Resource } from "@pulumi/pulumi";
import type { RepositoryKind } from "../contracts/repository-kind.ts";
import { RELEASE_KEY_FILE } from "../contracts/signature.ts";
import { VERSIONS_FILE } from "../contracts/versions.ts";
import { PipelineRepository } from "./pipeline-repository.ts";
import type { ReleasePipelineArgs, RepositorySettings } from "./release-pipeline-args.ts";
import { TemplateRepository } from "./template-repository.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";

export interface RepositoryEntry {
  readonly key: string;
  readonly settings: RepositorySettings;
  /** Of its webhook. */
  readonly secret: Output<string>;
}

export interface RepositoriesArgs {
  readonly pipeline: ReleasePipelineArgs;
  readonly receiver: WebhookReceiver;
  readonly entries: readonly RepositoryEntry[];
  /** What verifies the signatures of releases, PEM. */
  readonly releaseKey: Output<string>;
}

/** What `functions/pins` keeps up to date, so that a new board starts with pins. */
const SEEDS: Readonly<Partial<Record<RepositoryKind, readonly string[]>>> = { image: [VERSIONS_FILE] };

/** A template for each kind that there is, and every repository of the pipeline. Gives their addresses by key. */
export function registerRepositories(
  { pipeline, receiver, entries, releaseKey }: RepositoriesArgs,
  { parent }: { readonly parent: Resource },
): Record<string, { cloneUrl: Output<string>; htmlUrl: Output<string> }> {
  const { name: owner, visibility, teams } = pipeline.organization;
  const templates = new Map<RepositoryKind, TemplateRepository>();
  const templateOf = (kind: RepositoryKind): TemplateRepository => {
    const template =
      templates.get(kind) ??
      new TemplateRepository(
        `${kind}-template`,
        { ...pipeline.templates[kind], visibility, releaseKey, seeds: SEEDS[kind] ?? [] },
        { parent },
      );
    templates.set(kind, template);
    return template;
  };
  return Object.fromEntries(
    entries.map(({ key, settings, secret }) => {
      const template = templateOf(settings.kind);
      const repository = new PipelineRepository(
        key,
        {
          repository: settings.repository,
          description: settings.description,
          visibility,
          topics: ["hypriotos", settings.kind],
          template: { owner, repository: template.name, ready: template.ready },
          protection: pipeline.protection,
          tagPattern: pipeline.tagPattern,
          archiveOnDestroy: pipeline.archiveOnDestroy,
          teams,
          webhook: { url: receiver.url, secret, ready: receiver.ready },
          managedFiles: [
            { suffix: "", ...settings.managedFile, origin: "the pipeline's config" },
            {
              suffix: "-release-key",
              path: RELEASE_KEY_FILE,
              content: releaseKey,
              origin: "the key that signs releases",
            },
          ],
          adopt: settings.adopt ?? false,
        },
        // Its parts are named after it, and the engine finds them by the same alias.
        {
          parent,
          aliases: settings.renamedFrom === undefined ? [] : [{ name: settings.renamedFrom }],
        },
      );
      return [key, { cloneUrl: repository.cloneUrl, htmlUrl: repository.htmlUrl }];
    }),
  );
}
