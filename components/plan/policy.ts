import { PUBLISHED_RELEASE_FILE } from "../../contracts/published-release.ts";

/** One statement of an IAM or resource policy, in the JSON form that AWS reads. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  readonly Action: readonly string[] | string;
  readonly Resource: readonly string[] | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The policy document as JSON text. Same statements, same text: a preview shows a change only where there is one. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may take a role: one AWS service, one IAM user, or who has one role. */
export type Trust = { readonly service: string } | { readonly user: string } | { readonly role: string };

function principalOf(trust: Trust): Readonly<Record<string, string>> {
  if ("service" in trust) return { Service: trust.service };
  return { AWS: "user" in trust ? trust.user : trust.role };
}

export function trustPolicy(trust: Trust): string {
  const principal = principalOf(trust);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "Assume", Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });
}

/** Everybody is refused who does not come over TLS. `resources` are ARNs. */
export function denyPlainText(resources: readonly string[], action: string): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The log streams of these log groups are written, and nobody else's. */
export function writeLogs(...logGroupArns: readonly string[]): Statement {
  return {
    Sid: "WriteOwnLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: logGroupArns.map((arn) => `${arn}:log-stream:*`),
  };
}

/** A function's failed events go to its own dead-letter queue. */
export function sendTo(queueArns: readonly string[], sid = "SendDeadLetters"): Statement {
  return { Sid: sid, Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queueArns };
}

/** The value of these secrets and of no other. */
export function readSecrets(secretArns: readonly string[]): Statement {
  return {
    Sid: "ReadSecrets",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: secretArns,
  };
}

/** What tells of the releases in this bucket that are public, and nothing else of them. */
export function readPublishedReleases(bucket: string): Statement {
  return {
    Sid: "ReadPublishedReleases",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [`${bucket}/releases/*/${PUBLISHED_RELEASE_FILE}`],
  };
}

/** A role that may be taken. */
export function takeRole(roleArn: string): Statement {
  return { Sid: "TakeRunnerRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [roleArn] };
}

/** What a runner reads and writes for a build, by ARN. */
export interface BuildReach {
  readonly bucket: string;
  readonly buildsTable: string;
  readonly appKey: string;
}

/** What a runner reads and writes, by ARN. */
export interface RunnerReach extends BuildReach {
  readonly queues: readonly string[];
  readonly deadLetterQueues: readonly string[];
}

/**
 * What a runner may do with a job that it has: write what builds make, tell how they go. The prefixes are those of the
 * artifact bucket's layout (see docs/architecture.md).
 */
export function buildStatements({ bucket, buildsTable, appKey }: BuildReach): readonly Statement[] {
  return [
    {
      Sid: "WriteBuilds",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
      Resource: BUILD_PREFIXES.map((prefix) => `${bucket}/${prefix}/*`),
    },
    {
      Sid: "FindBuilds",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket],
      Condition: { StringLike: { "s3:prefix": BUILD_PREFIXES.map((prefix) => `${prefix}/*`) } },
    },
    {
      Sid: "TellBuilds",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: [buildsTable],
    },
    readSecrets([appKey]),
  ];
}

/** What a runner on a Docker host may do: take jobs of its own queues, and do them. */
export function runnerStatements(reach: RunnerReach): readonly Statement[] {
  return [
    takeMessages(reach.queues, "TakeJobs"),
    ...buildStatements(reach),
    sendTo(reach.deadLetterQueues, "KeepWhatIsNoJob"),
  ];
}

/** Messages of these queues may be taken, given back and deleted. */
export function takeMessages(queueArns: readonly string[], sid: string): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    Resource: queueArns,
  };
}

/**
 * The most that a stranger's build has through a role of its own: below pull requests it writes, and it reads what
 * `versions.json` may pin. Its session is limited further, to that build's own prefix (runner/session.ts).
 */
export function strangerStatements(bucket: string): readonly Statement[] {
  return [
    {
      Sid: "WritePullRequests",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
      Resource: [`${bucket}/pull-requests/*`],
    },
    {
      Sid: "FindPullRequests",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket],
      Condition: { StringLike: { "s3:prefix": ["pull-requests/*"] } },
    },
    {
      Sid: "ReadPins",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${bucket}/builds/*`, `${bucket}/releases/*`],
    },
  ];
}

/** The artifact bucket's prefixes, as DESIGN calls them. Policies and lifecycle rules follow them. */
export const BUILD_PREFIXES = ["builds", "pull-requests", "releases", "cache"] as const;
