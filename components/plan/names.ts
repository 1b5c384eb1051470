import type { Architecture } from "../../contracts/architecture.ts";
import type { RepositoryKind } from "../../contracts/repository-kind.ts";

/** The repositories that new ones are generated from, by what they build. */
const TEMPLATE_REPOSITORIES: Readonly<Record<RepositoryKind, string>> = {
  image: "image-builder-template",
  kernel: "kernel-template",
  rootfs: "os-rootfs-template",
};

export const TEMPLATE_KINDS: readonly RepositoryKind[] = ["image", "kernel", "rootfs"];

/** The repository that new ones of this kind are generated from. */
export function templateRepository(kind: RepositoryKind): string {
  return TEMPLATE_REPOSITORIES[kind];
}

/** The most characters that each service takes. */
export const NAME_LIMITS = {
  bucket: 63,
  queue: 80,
  function: 64,
  "IAM role": 64,
  "IAM user": 64,
  container: 63,
} as const;

export type NameKind = keyof typeof NAME_LIMITS;

/** The functions that the pipeline has; a function's role and log group are named after it. */
export const FUNCTIONS = ["dispatch", "publish", "downloads", "pins", "reconcile"] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

export interface PhysicalName {
  readonly kind: NameKind;
  readonly name: string;
}

/**
 * The physical names that components are given; they append to them for what they are made of. Names carry
 * organization and stack, so that two stacks can share an AWS account and a Docker host. Lower case, because
 * bucket and image names are, and GitHub ignores case.
 */
export interface PhysicalNames {
  /** What every name begins with: `<organization>-<stack>`. */
  readonly prefix: string;
  /** The bucket where config names none. */
  readonly artifactBucket: string;
  readonly alarmTopic: string;
  /** Topic that is told of each published release. */
  readonly releaseTopic: string;
  /** Tables of webhook deliveries and of releases that were accepted, each once. */
  readonly deliveriesTable: string;
  readonly releasesTable: string;
  /** Table of builds and their states. */
  readonly buildsTable: string;
  /** Secret with the repositories' webhook secrets. */
  readonly webhookSecrets: string;
  /** Secret with the GitHub App's private key. */
  readonly githubAppKey: string;
  /** Alias of the key that signs releases. */
  readonly signingKey: string;
  queue(architecture: Architecture): string;
  function(name: FunctionName): string;
  /** Container, IAM user and IAM role of a runner; what is made for one in CodeBuild begins so. */
  runner(runner: string): string;
}

export function physicalNames(organization: string, stack: string): PhysicalNames {
  const prefix = `${organization}-${stack}`.toLowerCase();
  return {
    prefix,
    artifactBucket: `${prefix}-artifacts`,
    alarmTopic: `${prefix}-alarms`,
    releaseTopic: `${prefix}-releases`,
    deliveriesTable: `${prefix}-deliveries`,
    releasesTable: `${prefix}-releases`,
    buildsTable: `${prefix}-builds`,
    webhookSecrets: `${prefix}-webhook-secrets`,
    githubAppKey: `${prefix}-github-app-key`,
    signingKey: `alias/${prefix}-releases`,
    queue: (architecture) => `${prefix}-build-${architecture}`,
    function: (name) => `${prefix}-${name}`,
    runner: (runner) => `${prefix}-runner-${runner}`,
  };
}

/** What components append to the name of a queue, or of a function that has one. */
export const DEAD_LETTERS = "-dead-letters";

/** The names near a limit that organization and stack decide, with what components append. */
export function stackNames(
  organization: string,
  stack: string,
  architectures: readonly Architecture[],
): readonly PhysicalName[] {
  const names = physicalNames(organization, stack);
  return [
    ...architectures.map(
      (architecture): PhysicalName => ({ kind: "queue", name: names.queue(architecture) + DEAD_LETTERS }),
    ),
    ...FUNCTIONS.flatMap((name): PhysicalName[] => [
      { kind: "function", name: names.function(name) },
      { kind: "IAM role", name: names.function(name) },
      { kind: "queue", name: names.function(name) + DEAD_LETTERS },
    ]),
  ];
}

/** The names of what is made for a runner of kind codebuild, from the runner's own. No runner's name has two hyphens. */
export function codebuildNames(runner: string) {
  return {
    role: runner,
    strangers: `${runner}--strangers`,
    feeder: `${runner}--start`,
    project: (architecture: Architecture) => `${runner}-${architecture}`,
  };
}

/** The names near a limit that a runner adds; of a kind that is not known, those that every kind has. */
export function runnerNames(
  organization: string,
  stack: string,
  runner: string,
  kind: "docker" | "codebuild" | undefined,
): readonly PhysicalName[] {
  const name = physicalNames(organization, stack).runner(runner);
  if (kind !== "codebuild") {
    return [
      { kind: "IAM role", name },
      { kind: "IAM user", name },
      { kind: "container", name },
    ];
  }
  const { strangers, feeder } = codebuildNames(name);
  return [
    { kind: "IAM role", name: strangers },
    { kind: "function", name: feeder },
  ];
}
