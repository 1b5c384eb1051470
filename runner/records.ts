import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { applied } from "../clients/conditional-write.ts";
import { type BuildJob, buildKey } from "../contracts/build-job.ts";
import { BUILDS_KEY, type BuildState, FINAL_STATES, lineageId } from "../contracts/build-record.ts";

/** What the table said when a runner wanted the job. */
export type Taken =
  | { readonly type: "taken" }
  /** This attempt ended already; what may be left is to tell of it. */
  | { readonly type: "ended"; readonly state: BuildState; readonly reason: string | undefined }
  /** A later attempt is there: this message is of the past. */
  | { readonly type: "past" };

export interface Change {
  readonly state: BuildState;
  readonly reason?: string;
}

/** The builds table, as a runner uses it: every write names the attempt and the states that it leaves. */
export class BuildRecords {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #runner: string;

  constructor(client: DynamoDBClient, table: string, runner: string) {
    this.#client = client;
    this.#table = table;
    this.#runner = runner;
  }

  /** queued → running; running → running when the message came back from a runner that died. */
  async take(job: BuildJob, now: Date): Promise<Taken> {
    if (await this.change(job, { state: "running" }, ["queued", "running"], now)) return { type: "taken" };
    const item = await this.#get(buildKey(job));
    const attempt = Number(item?.attempt?.N ?? 0);
    const state = FINAL_STATES.find((final) => final === item?.state?.S);
    if (attempt > job.attempt) return { type: "past" };
    if (attempt === job.attempt && state !== undefined) {
      return { type: "ended", state, reason: item?.reason?.S };
    }
    const found = item === undefined ? "nothing" : `attempt ${attempt} in state ${item.state?.S}`;
    throw new Error(
      `${buildKey(job)}: found ${found} in the table, expected attempt ${job.attempt} in state queued`,
    );
  }

  /** Changes this attempt's record if it is in one of these states. Resolves with whether it was. */
  async change(
    job: BuildJob,
    { state, reason }: Change,
    from: readonly BuildState[],
    now: Date,
  ): Promise<boolean> {
    const states = Object.fromEntries(from.map((name, index) => [`:from${index}`, { S: name }]));
    const reasonUpdate =
      reason === undefined ? " REMOVE toldAt, #reason" : ", #reason = :reason REMOVE toldAt";
    return await applied(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { [BUILDS_KEY]: { S: buildKey(job) } },
          UpdateExpression: `SET #state = :state, #updatedAt = :now, #runner = :runner${reasonUpdate}`,
          ConditionExpression: `#attempt = :attempt AND #state IN (${Object.keys(states).join(", ")})`,
          ExpressionAttributeNames: {
            "#state": "state",
            "#updatedAt": "updatedAt",
            "#runner": "runner",
            "#reason": "reason",
            "#attempt": "attempt",
          },
          ExpressionAttributeValues: {
            ":state": { S: state },
            ":now": { S: now.toISOString() },
            ":runner": { S: this.#runner },
            ":attempt": { N: String(job.attempt) },
            ...states,
            ...(reason === undefined ? {} : { ":reason": { S: reason } }),
          },
        }),
      ),
    );
  }

  /** Says that the build is still worked on. Resolves with whether its record is in the state that it must be in. */
  beat(job: BuildJob, now: Date): Promise<boolean> {
    return this.#note(job, "running", "updatedAt", now);
  }

  /** Notes that the check run says the state; not where the record is in another by now. */
  told(job: BuildJob, state: BuildState, now: Date): Promise<boolean> {
    return this.#note(job, state, "toldAt", now);
  }

  /** Sets a time of this attempt's record where that is in the given state. Resolves with whether it was. */
  async #note(job: BuildJob, state: BuildState, what: "updatedAt" | "toldAt", now: Date): Promise<boolean> {
    const update = this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: { [BUILDS_KEY]: { S: buildKey(job) } },
        UpdateExpression: "SET #what = :now",
        ConditionExpression: "#attempt = :attempt AND #state = :state",
        ExpressionAttributeNames: { "#what": what, "#attempt": "attempt", "#state": "state" },
        ExpressionAttributeValues: {
          ":now": { S: now.toISOString() },
          ":attempt": { N: String(job.attempt) },
          ":state": { S: state },
        },
      }),
    );
    return await applied(update);
  }

  /** The key of the build that makes this one needless; undefined while there is none. */
  async newer(job: BuildJob): Promise<string | undefined> {
    const lineage = lineageId(job);
    if (lineage === undefined) return undefined;
    const build = (await this.#get(lineage))?.build?.S;
    return build === undefined || build === buildKey(job) ? undefined : build;
  }

  async #get(id: string) {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: { [BUILDS_KEY]: { S: id } },
        ConsistentRead: true,
      }),
    );
    return Item;
  }
}
