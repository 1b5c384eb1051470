import type { Architecture } from "../../contracts/architecture.ts";

/** The repository that board repositories are generated from. */
export const IMAGE_TEMPLATE_REPOSITORY = "image-builder-template";

/** What a physical name is of, with the most characters that its service takes. */
export const NAME_LIMITS = {
  bucket: 63,
  queue: 80,
  function: 64,
  role: 64,
  user: 64,
  table: 255,
  topic: 256,
  secret: 512,
  alarm: 255,
  container: 63,
} as const;

export type NameKind = keyof typeof NAME_LIMITS;

/** The functions that the pipeline has; a function's role and log group are named after it. */
export const FUNCTIONS = ["dispatch", "publish"] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

export interface PhysicalName {
  readonly kind: NameKind;
  readonly name: string;
}

/**
 * Every physical name of one stack. Names carry organization and stack, so that two stacks can share an
 * AWS account and a Docker host. Lower case, because bucket names are and GitHub ignores case.
 */
export interface PhysicalNames {
  /** What every name begins with: `<organization>-<stack>`. */
  readonly prefix: string;
  /** The bucket where config names none. */
  readonly artifactBucket: string;
  readonly deliveriesTable: string;
  readonly alarmTopic: string;
  readonly webhookSecrets: string;
  readonly githubAppKey: string;
  readonly builderNetwork: string;
  readonly builderImage: string;
  queue(architecture: Architecture): string;
  deadLetterQueue(architecture: Architecture): string;
  function(name: FunctionName): string;
  functionRole(name: FunctionName): string;
  functionLogGroup(name: FunctionName): string;
  /** `subject` says what is watched, as `build-arm64-age`. */
  alarm(subject: string): string;
  /** IAM user, container and volume of a runner. */
  runner(runner: string): string;
}

export function physicalNames(organization: string, stack: string): PhysicalNames {
  const prefix = `${organization}-${stack}`.toLowerCase();
  const functionName = (name: FunctionName) => `${prefix}-${name}`;
  return {
    prefix,
    artifactBucket: `${prefix}-artifacts`,
    deliveriesTable: `${prefix}-deliveries`,
    alarmTopic: `${prefix}-alarms`,
    webhookSecrets: `${prefix}/webhook-secrets`,
    githubAppKey: `${prefix}/github-app-key`,
    builderNetwork: `${prefix}-builds`,
    builderImage: `${prefix}-builder`,
    queue: (architecture) => `${prefix}-build-${architecture}`,
    deadLetterQueue: (architecture) => `${prefix}-build-${architecture}-dead-letters`,
    function: functionName,
    functionRole: functionName,
    functionLogGroup: (name) => `/aws/lambda/${functionName(name)}`,
    alarm: (subject) => `${prefix}-${subject}`,
    runner: (runner) => `${prefix}-runner-${runner}`,
  };
}

/** The names whose length config decides, for the check against each service's limit. */
export function boundedNames(
  organization: string,
  stack: string,
  architectures: readonly Architecture[],
  runners: readonly string[],
): readonly PhysicalName[] {
  const names = physicalNames(organization, stack);
  return [
    { kind: "bucket", name: names.artifactBucket },
    { kind: "table", name: names.deliveriesTable },
    { kind: "topic", name: names.alarmTopic },
    { kind: "secret", name: names.webhookSecrets },
    ...architectures.flatMap((architecture): PhysicalName[] => [
      { kind: "queue", name: names.queue(architecture) },
      { kind: "queue", name: names.deadLetterQueue(architecture) },
    ]),
    ...FUNCTIONS.flatMap((name): PhysicalName[] => [
      { kind: "function", name: names.function(name) },
      { kind: "role", name: names.functionRole(name) },
    ]),
    ...runners.flatMap((runner): PhysicalName[] => [
      { kind: "user", name: names.runner(runner) },
      { kind: "container", name: names.runner(runner) },
    ]),
  ];
}
