import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";
import { DEAD_LETTERS } from "../../components/plan/names.ts";
import { BuildRecord } from "../../contracts/build-record.ts";
import { splitFullName } from "../../contracts/git.ts";
import { LAST_RUN_ID, ReconcileSummary } from "../../contracts/reconcile-memory.ts";
import type { Trigger } from "../../contracts/trigger.ts";
import type { CloudInfo } from "../../local/cloud/types.ts";

const LastRun = z.object({ id: z.literal(LAST_RUN_ID), summary: ReconcileSummary });

/** How many builds are shown: the newest. */
const SHOWN = 10;

/** The newest builds, newest first. `items` are the rows of the builds table; lineages among them are left out. */
export function newestBuilds(items: readonly unknown[]): readonly BuildRecord[] {
  return items
    .flatMap((item) => BuildRecord.safeParse(item).data ?? [])
    .sort((one, other) => other.queuedAt.localeCompare(one.queuedAt))
    .slice(0, SHOWN);
}

/** What the builds table knows. */
export interface KnownBuilds {
  /** The newest, newest first. */
  readonly builds: readonly BuildRecord[];
  /** What reconcile did when it ran last; missing before its first run. */
  readonly reconciled?: ReconcileSummary;
}

/** What reconcile kept of its last run. `items` are the rows of the builds table. */
export function lastRun(items: readonly unknown[]): ReconcileSummary | undefined {
  const runs = items.flatMap((item) => LastRun.safeParse(item).data ?? []);
  return runs[0]?.summary;
}

/** The same in words, one line. */
export function renderRun({ at, done, failed, undelivered, stuck, unpublished }: ReconcileSummary): string {
  const counts = Object.entries({ ...done, failed, undelivered, stuck, unpublished });
  const shown = counts.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
  return `reconcile: ${at.slice(0, 19)}Z, ${shown.join(", ") || "nothing to do"}`;
}

/** Reads the builds table of a stack on this machine. */
export async function readBuilds(aws: CloudInfo["aws"], table: string): Promise<KnownBuilds> {
  const { endpoint, region, accessKeyId, secretAccessKey } = aws;
  const client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  try {
    const documents = DynamoDBDocumentClient.from(client);
    const items: unknown[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    const reconciled = lastRun(items);
    return { builds: newestBuilds(items), ...(reconciled === undefined ? {} : { reconciled }) };
  } finally {
    client.destroy();
  }
}

/** How many messages lie among the dead letters, by queue name; queues without any are left out. */
export async function readDeadLetters(
  aws: CloudInfo["aws"],
  queues: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> {
  const { endpoint, region, accessKeyId, secretAccessKey } = aws;
  const sqs = new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  try {
    const counts = Object.values(queues).map(async (url): Promise<[string, number]> => {
      const QueueUrl = url + DEAD_LETTERS;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      const name = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
      return [name, Number(Attributes?.ApproximateNumberOfMessages ?? 0)];
    });
    return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
  } finally {
    sqs.destroy();
  }
}

function what(trigger: Trigger): string {
  if (trigger.type === "push") return trigger.branch;
  return trigger.type === "tag" ? trigger.tag : `#${trigger.number}`;
}

/** The builds in words, one a line: state, repository, what of it, commit, since when, why. */
export function renderBuilds(builds: readonly BuildRecord[]): readonly string[] {
  const rows = builds.map((build) => [
    build.state,
    splitFullName(build.repository).repo,
    what(build.trigger),
    build.commit.slice(0, 12),
    `${build.updatedAt.slice(0, 19)}Z`,
    build.reason ?? "",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
