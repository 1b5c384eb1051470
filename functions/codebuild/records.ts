import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { applied } from "../../clients/conditional-write.ts";
import { type BuildJob, buildKey } from "../../contracts/build-job.ts";
import { BUILDS_KEY, BuildRecord, lineageId } from "../../contracts/build-record.ts";
import { problemLines } from "../../contracts/problems.ts";
import { toldUpdate } from "../lib/told-update.ts";
import type { EndState } from "./decide.ts";

/** Longer than a call waits for CodeBuild, and no longer than the shortest time after which a message comes back. */
const ANSWER_MS = 25_000;

/** The builds table, as this function uses it: every write names the attempt that it is about. */
export class BuildStarts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async record(job: BuildJob): Promise<BuildRecord | undefined> {
    const item = await this.#get(buildKey(job));
    if (item === undefined) return undefined;
    const parsed = BuildRecord.safeParse(item);
    if (!parsed.success) throw new Error(`${buildKey(job)}: ${problemLines(parsed.error).join("; ")}`);
    return parsed.data;
  }

  /** The key of the build that makes this one needless; undefined while there is none. */
  async newer(job: BuildJob): Promise<string | undefined> {
    const lineage = lineageId(job);
    if (lineage === undefined) return undefined;
    const build: unknown = (await this.#get(lineage))?.build;
    return typeof build !== "string" || build === buildKey(job) ? undefined : build;
  }

  /**
   * Writes down that CodeBuild is asked for the `start`th time. Resolves with false where another call was first, and may
   * still wait for the answer.
   */
  async intend(job: BuildJob, start: number, now: Date): Promise<boolean> {
    return await this.#change(job, {
      UpdateExpression: "SET codebuild = :codebuild",
      ConditionExpression:
        "attempt = :attempt AND (attribute_not_exists(codebuild) OR codebuild.attempt <> :attempt " +
        "OR codebuild.#start = :before " +
        "OR (codebuild.#start = :start AND attribute_not_exists(codebuild.id) AND codebuild.askedAt <= :unanswered))",
      ExpressionAttributeNames: { "#start": "start" },
      ExpressionAttributeValues: {
        ":codebuild": { attempt: job.attempt, start, askedAt: now.toISOString() },
        ":attempt": job.attempt,
        ":start": start,
        ":before": start - 1,
        ":unanswered": new Date(now.getTime() - ANSWER_MS).toISOString(),
      },
    });
  }

  /** Writes down which build does it. */
  async started(job: BuildJob, start: number, id: string): Promise<void> {
    await this.#change(job, {
      UpdateExpression: "SET codebuild.id = :id",
      ConditionExpression:
        "attempt = :attempt AND codebuild.attempt = :attempt AND codebuild.#start = :start",
      ExpressionAttributeNames: { "#start": "start" },
      ExpressionAttributeValues: { ":id": id, ":attempt": job.attempt, ":start": start },
    });
  }

  /** The attempt's end, unless it has one already. */
  async end(job: BuildJob, state: EndState, reason: string, now: Date): Promise<void> {
    await this.#change(job, {
      UpdateExpression: "SET #state = :state, #reason = :reason, updatedAt = :now REMOVE toldAt",
      ConditionExpression: "attempt = :attempt AND #state IN (:queued, :running)",
      ExpressionAttributeNames: { "#state": "state", "#reason": "reason" },
      ExpressionAttributeValues: {
        ":state": state,
        ":reason": reason,
        ":now": now.toISOString(),
        ":attempt": job.attempt,
        ":queued": "queued",
        ":running": "running",
      },
    });
  }

  /** Notes that the check run says the state; not where the record is in another by now. */
  async told(job: BuildJob, state: EndState, now: Date): Promise<void> {
    await this.#change(job, toldUpdate(job.attempt, state, now));
  }

  async #change(
    job: BuildJob,
    update: Omit<ConstructorParameters<typeof UpdateCommand>[0], "TableName" | "Key">,
  ): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { [BUILDS_KEY]: buildKey(job) },
      ...update,
    });
    return await applied(this.#client.send(command));
  }

  async #get(id: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { [BUILDS_KEY]: id }, ConsistentRead: true }),
    );
    return Item;
  }
}
