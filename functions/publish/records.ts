import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { RELEASES_KEY, ReleaseRecord, type ReleaseState, releaseId } from "../../contracts/release-record.ts";
import type { Signature } from "../../contracts/signature.ts";

/** Another invocation has taken the release over: this one does nothing more. */
export class LeaseLost extends Error {
  constructor(release: string) {
    super(`${release}: another invocation has taken it over`);
    this.name = "LeaseLost";
  }
}

/** Which release, and of what. */
export interface ReleaseIdentity {
  readonly name: string;
  readonly repository: string;
  readonly tag: string;
  readonly commit: string;
}

/** What a holder of the lease changes; `undefined` takes the attribute away. */
export interface Changes {
  readonly state?: ReleaseState;
  readonly attempt?: number;
  readonly checkRun?: number | undefined;
  readonly githubRelease?: number;
  readonly uploaded?: ReleaseRecord["uploaded"];
  readonly reason?: string | undefined;
  readonly refused?: boolean | undefined;
  readonly provenance?: Signature | undefined;
  readonly signature?: Signature | undefined;
  readonly leaseUntil?: number;
  readonly leaseOwner?: undefined;
}

function isRefused(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/** The releases table. Whoever holds a release's lease writes its record; everybody else waits. */
export class ReleaseRecords {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => Date;

  constructor(client: DynamoDBDocumentClient, table: string, now: () => Date) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /** Takes the release for `leaseMs`. The record is another's, or of a release that is published, where `taken` is false. */
  async take(
    { name, repository, tag, commit }: ReleaseIdentity,
    owner: string,
    leaseMs: number,
  ): Promise<{ readonly taken: boolean; readonly record: ReleaseRecord }> {
    const now = this.#now();
    const release = releaseId(name, tag);
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { [RELEASES_KEY]: release },
          ConditionExpression:
            "attribute_not_exists(leaseUntil) OR (leaseUntil < :now AND #state <> :published)",
          UpdateExpression: `SET repository = :repository, tag = :tag, #commit = :commit, #state = :publishing,
            attempt = if_not_exists(attempt, :one), uploaded = if_not_exists(uploaded, :empty),
            leaseOwner = :owner, leaseUntil = :until, updatedAt = :at REMOVE expiresAt, refused`,
          ExpressionAttributeNames: { "#state": "state", "#commit": "commit" },
          ExpressionAttributeValues: {
            ":now": now.getTime(),
            ":published": "published" satisfies ReleaseState,
            ":publishing": "publishing" satisfies ReleaseState,
            ":repository": repository,
            ":tag": tag,
            ":commit": commit,
            ":one": 1,
            ":empty": {},
            ":owner": owner,
            ":until": now.getTime() + leaseMs,
            ":at": now.toISOString(),
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return { taken: true, record: ReleaseRecord.parse(Attributes) };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { taken: false, record: await this.read(release) };
    }
  }

  async read(release: string): Promise<ReleaseRecord> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { [RELEASES_KEY]: release }, ConsistentRead: true }),
    );
    return ReleaseRecord.parse(Item);
  }

  /** Throws `LeaseLost` where the lease is another's by now. */
  async change(release: string, owner: string, changes: Changes): Promise<void> {
    const all = Object.entries({ ...changes, updatedAt: this.#now().toISOString() });
    const set = all.filter(([, value]) => value !== undefined);
    const removed = all.filter(([, value]) => value === undefined);
    const names = Object.fromEntries(all.map(([name]) => [`#${name}`, name]));
    const removal = removed.length === 0 ? "" : ` REMOVE ${removed.map(([name]) => `#${name}`).join(", ")}`;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { [RELEASES_KEY]: release },
          ConditionExpression: "leaseOwner = :owner",
          UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}${removal}`,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: {
            ":owner": owner,
            ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          },
        }),
      );
    } catch (error) {
      if (isRefused(error)) throw new LeaseLost(release);
      throw error;
    }
  }
}
