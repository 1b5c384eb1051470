import { getTeamOutput } from "@pulumi/github/getTeam.js";
import { physicalNames, templateRepository } from "../components/plan/names.ts";
import { ReleasePipeline } from "../components/release-pipeline.ts";
import { CATALOGUE_FILE } from "../contracts/catalogue.ts";
import { DOWNLOADABLES_FILE } from "../contracts/downloads.ts";
import { agentContext, builderContext, functionCode, imageArchives } from "./build-contexts.ts";
import { loadConfig } from "./config.ts";
import { downloadables } from "./downloadables.ts";
import { catalogue, githubApiUrl, plannedProtection, plannedRepositories, usesCodebuild } from "./plan.ts";
import { createProviders } from "./providers.ts";
import { templateFiles } from "./templates.ts";

const { config, secrets } = loadConfig();
const root = process.cwd();
const { baseImage } = config.builder;
const providers = createProviders(config);
const builder = builderContext(root);
const agent = agentContext(root);

const pipeline = new ReleasePipeline(
  "pipeline",
  {
    names: physicalNames(config.organization.name, config.stack),
    organization: config.organization,
    repositories: plannedRepositories(config),
    templates: {
      image: {
        repository: templateRepository("image"),
        description: "What a new board's repository starts with",
        files: templateFiles(root, "image"),
      },
      kernel: {
        repository: templateRepository("kernel"),
        description: "What a new kernel repository starts with",
        files: templateFiles(root, "kernel"),
      },
      rootfs: {
        repository: templateRepository("rootfs"),
        description: "What a new root filesystem repository starts with",
        files: templateFiles(root, "rootfs"),
      },
    },
    githubApp: {
      id: config.githubApp.id,
      apiUrl: githubApiUrl(config.providers.github.baseUrl),
      privateKey: secrets.githubAppPrivateKey,
    },
    protection: plannedProtection(config, (slug) =>
      getTeamOutput({ slug }, { provider: providers.github }).id.apply(Number),
    ),
    tagPattern: config.release.tagPattern,
    archiveOnDestroy: config.organization.archiveOnDestroy,
    webhookSecretVersion: config.organization.webhookSecretVersion,
    runners: providers.runners,
    images: {
      builder: { name: "hypriotos/builder", baseImage, ...builder },
      agent: { name: "hypriotos/runner", baseImage, ...agent },
    },
    ...(usesCodebuild(config)
      ? {
          codebuild: {
            code: functionCode(root, "codebuild"),
            archives: imageArchives(root, { builder, agent }),
          },
        }
      : {}),
    artifacts: config.artifacts,
    functions: {
      ...config.functions,
      code: {
        dispatch: functionCode(root, "dispatch", { [CATALOGUE_FILE]: catalogue(config) }),
        publish: functionCode(root, "publish"),
        downloads: functionCode(root, "downloads", { [DOWNLOADABLES_FILE]: downloadables(config) }),
        reconcile: functionCode(root, "reconcile", { [CATALOGUE_FILE]: catalogue(config) }),
        pins: functionCode(root, "pins", { [CATALOGUE_FILE]: catalogue(config) }),
      },
    },
    alarms: config.alarms,
    aws: config.providers.aws,
    tags: { ...config.tags, project: "hypriotos", stack: config.stack },
  },
  { providers: [providers.aws, providers.github] },
);

export const webhookUrl = pipeline.webhookUrl;
export const artifactBucket = pipeline.artifactBucket;
export const buildsTable = pipeline.buildsTable;
export const releasePublicKey = pipeline.releasePublicKey;
export const builderImage = pipeline.builderImage;
export const queues = pipeline.queues;
export const repositories = pipeline.repositories;
export const runners = pipeline.runners;
