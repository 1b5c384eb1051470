import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { applied } from "../../clients/conditional-write.ts";
import { BUILDS_KEY, BuildRecord, type BuildState, type Lineage } from "../../contracts/build-record.ts";
import { problemLines } from "../../contracts/problems.ts";

/** What is known of an attempt once GitHub and the queue have it. */
export interface Mark {
  readonly checkRun?: number;
  readonly sentAt?: string;
  /** A final one: its check run says so. */
  readonly state?: BuildState;
  readonly reason?: string;
}

/** The table of builds, as dispatch uses it. `signal` ends calls early. */
export class Builds {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #signal: AbortSignal;

  constructor(client: DynamoDBDocumentClient, table: string, signal: AbortSignal) {
    this.#client = client;
    this.#table = table;
    this.#signal = signal;
  }

  /** The builds that there are, by key. Throws where a record is not as the contract says. */
  async find(keys: readonly string[]): Promise<Map<string, BuildRecord>> {
    const found = new Map<string, BuildRecord>();
    for (const key of keys) {
      const get = new GetCommand({
        TableName: this.#table,
        Key: { [BUILDS_KEY]: key },
        ConsistentRead: true,
      });
      const { Item } = await this.#client.send(get, { abortSignal: this.#signal });
      if (Item === undefined) continue;
      const parsed = BuildRecord.safeParse(Item);
      if (!parsed.success) throw new Error(`builds: ${key}: ${problemLines(parsed.error).join("; ")}`);
      found.set(key, parsed.data);
    }
    return found;
  }

  /** Makes a record unless there is one. Resolves with whether it did. */
  create(record: BuildRecord): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: record,
      ConditionExpression: "attribute_not_exists(#id)",
      ExpressionAttributeNames: { "#id": BUILDS_KEY },
    });
    return applied(this.#client.send(put, { abortSignal: this.#signal }));
  }

  /** Queues an attempt where the record is still in the given one. Resolves with whether it is. */
  requeue(
    record: BuildRecord,
    from: { readonly attempt: number; readonly state: BuildState },
  ): Promise<boolean> {
    const { id, attempt, trigger, delivery, queuedAt, updatedAt, expiresAt } = record;
    const sameAttempt = attempt === from.attempt;
    return this.#update(id, {
      UpdateExpression:
        "SET attempt = :attempt, #state = :queued, #trigger = :trigger, delivery = :delivery, queuedAt = :queuedAt, " +
        "updatedAt = :updatedAt, expiresAt = :expiresAt " +
        // The next attempt has a check run of its own.
        `REMOVE sentAt, toldAt, runner, reason${sameAttempt ? "" : ", checkRun"}`,
      ConditionExpression: "attempt = :fromAttempt AND #state = :fromState",
      ExpressionAttributeNames: { "#state": "state", "#trigger": "trigger" },
      ExpressionAttributeValues: {
        ":attempt": attempt,
        ":trigger": trigger,
        ":queued": "queued",
        ":delivery": delivery,
        ":queuedAt": queuedAt,
        ":updatedAt": updatedAt,
        ":expiresAt": expiresAt,
        ":fromAttempt": from.attempt,
        ":fromState": from.state,
      },
    });
  }

  /** Notes what is done about an attempt. One that has gone on or made room for the next is left alone. */
  async mark(id: string, attempt: number, mark: Mark, now: Date): Promise<void> {
    const { state, reason, sentAt, checkRun } = mark;
    await this.#update(id, {
      UpdateExpression:
        "SET updatedAt = :now" +
        (checkRun === undefined ? "" : ", checkRun = :checkRun") +
        (sentAt === undefined ? "" : ", sentAt = :sentAt") +
        (state === undefined ? "" : ", #state = :state, reason = :reason, toldAt = :now"),
      ConditionExpression: `attempt = :attempt${state === undefined ? "" : " AND #state = :queued"}`,
      ...(state === undefined ? {} : { ExpressionAttributeNames: { "#state": "state" } }),
      ExpressionAttributeValues: {
        ":now": now.toISOString(),
        ":attempt": attempt,
        ...(checkRun === undefined ? {} : { ":checkRun": checkRun }),
        ...(sentAt === undefined ? {} : { ":sentAt": sentAt }),
        ...(state === undefined ? {} : { ":state": state, ":queued": "queued", ":reason": reason ?? "" }),
      },
    });
  }

  /**
   * Makes a build the newest of its lineage, unless a newer one is known. Pushes of the same second are in the order
   * in which they follow each other: `before` is the build that this one follows.
   */
  async lead(lineage: Lineage, before: string | undefined, expiresAt: number): Promise<void> {
    await this.#update(lineage.id, {
      UpdateExpression: "SET build = :build, #order = :order, expiresAt = :expiresAt",
      ConditionExpression:
        "attribute_not_exists(#order) OR #order < :order OR (#order = :order AND build = :before)",
      ExpressionAttributeNames: { "#order": "order" },
      ExpressionAttributeValues: {
        ":build": lineage.build,
        ":order": lineage.order,
        ":before": before ?? "",
        ":expiresAt": expiresAt,
      },
    });
  }

  #update(id: string, update: Omit<UpdateCommandInput, "TableName" | "Key">): Promise<boolean> {
    const command = new UpdateCommand({ TableName: this.#table, Key: { [BUILDS_KEY]: id }, ...update });
    return applied(this.#client.send(command, { abortSignal: this.#signal }));
  }
}
