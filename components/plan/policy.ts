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

/** Who may take a role: one AWS service, or one IAM user. */
export type Trust = { readonly service: string } | { readonly user: string };

export function trustPolicy(trust: Trust): string {
  const principal = "service" in trust ? { Service: trust.service } : { AWS: trust.user };
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

/** A function writes the log streams of its own log group. */
export function writeLogs(logGroupArn: string): Statement {
  return {
    Sid: "WriteOwnLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [`${logGroupArn}:log-stream:*`],
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

/** What a runner reads and writes, by ARN. */
export interface RunnerReach {
  readonly queues: readonly string[];
  readonly deadLetterQueues: readonly string[];
  readonly bucket: string;
  readonly buildsTable: string;
  readonly appKey: string;
}

/**
 * What a runner may do: take jobs of its own queues, write what builds make, tell how they go. The prefixes are those
 * of the artifact bucket's layout (see docs/architecture.md).
 */
export function runnerStatements(reach: RunnerReach): readonly Statement[] {
  const { queues: queueArns, bucket: bucketArn } = reach;
  return [
    {
      Sid: "TakeJobs",
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
      ],
      Resource: queueArns,
    },
    {
      Sid: "WriteBuilds",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
      Resource: BUILD_PREFIXES.map((prefix) => `${bucketArn}/${prefix}/*`),
    },
    {
      Sid: "FindBuilds",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucketArn],
      Condition: { StringLike: { "s3:prefix": BUILD_PREFIXES.map((prefix) => `${prefix}/*`) } },
    },
    sendTo(reach.deadLetterQueues, "KeepWhatIsNoJob"),
    {
      Sid: "TellBuilds",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: [reach.buildsTable],
    },
    readSecrets([reach.appKey]),
  ];
}

/** The artifact bucket's prefixes, as DESIGN calls them. Policies and lifecycle rules follow them. */
export const BUILD_PREFIXES = ["builds", "pull-requests", "releases", "cache"] as const;
