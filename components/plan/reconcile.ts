import { readSecrets, type Statement, sendTo } from "./policy.ts";

/** What reconcile reads and writes, by ARN. */
export interface ReconcilerReach {
  readonly builds: string;
  readonly releases: string;
  readonly queues: readonly string[];
  readonly deadLetterQueues: readonly string[];
  readonly bucket: string;
  readonly publish: string;
  readonly appKey: string;
}

/** Where a build's manifest can lie. */
const BUILDS = ["builds", "pull-requests", "releases"];

/**
 * What reconcile may do: look at builds, releases and queues, end and send again what is lost, and start publish. It
 * takes nothing off a queue.
 */
export function reconcilerStatements(reach: ReconcilerReach): readonly Statement[] {
  return [
    {
      Sid: "LookAfterBuilds",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateItem"],
      Resource: [reach.builds],
    },
    {
      Sid: "LookAfterReleases",
      Effect: "Allow",
      Action: ["dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateItem"],
      Resource: [reach.releases],
    },
    {
      Sid: "LookAtQueues",
      Effect: "Allow",
      Action: ["sqs:GetQueueAttributes"],
      Resource: reach.queues,
    },
    {
      Sid: "LookAtDeadLetters",
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage"],
      Resource: reach.deadLetterQueues,
    },
    sendTo(reach.queues, "SendJobs"),
    {
      Sid: "ReadManifests",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: BUILDS.map((prefix) => `${reach.bucket}/${prefix}/*/manifest.json`),
    },
    {
      Sid: "FindManifests",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [reach.bucket],
      Condition: { StringLike: { "s3:prefix": BUILDS.map((prefix) => `${prefix}/*/manifest.json`) } },
    },
    {
      Sid: "StartPublish",
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [reach.publish],
    },
    readSecrets([reach.appKey]),
  ];
}

/** What reconcile cannot mend, told by its metrics. */
export interface ReconcileAlarm {
  /** Ends the alarm's name. */
  readonly key: string;
  /** Of functions/reconcile/index.ts. */
  readonly metric: string;
  readonly description: string;
  /** Runs in a row that must say so. */
  readonly periods: number;
}

export const RECONCILE_ALARMS: readonly ReconcileAlarm[] = [
  {
    key: "undelivered",
    metric: "UndeliveredWebhooks",
    description: "A webhook was not taken for half an hour",
    periods: 1,
  },
  {
    key: "stuck-builds",
    metric: "StuckBuilds",
    description: "A build should have ended by now",
    periods: 1,
  },
  {
    key: "unpublished",
    metric: "UnpublishedReleases",
    description: "A release is not published and not tried again",
    periods: 1,
  },
  {
    key: "failed-acts",
    metric: "FailedActs",
    description: "What reconcile does failed in three runs in a row",
    periods: 3,
  },
];
