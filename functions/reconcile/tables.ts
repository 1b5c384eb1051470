import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  type ScanCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { applied } from "../../clients/conditional-write.ts";
import { BUILDS_KEY, BuildRecord, type BuildState } from "../../contracts/build-record.ts";
import { hookMemoryId, LAST_RUN_ID, type ReconcileSummary } from "../../contracts/reconcile-memory.ts";
import { RELEASES_KEY, ReleaseRecord } from "../../contracts/release-record.ts";
import { toldUpdate } from "../lib/told-update.ts";
import type { ReleaseAct } from "./releases.ts";

/** Tags' builds are compared with the releases for so long after they passed, in ms. */
const TAGS_MS = 7 * 24 * 3600_000;
/** Memories are forgotten after a month without a run. */
const REMEMBER_SECONDS = 30 * 24 * 3600;

/** What `scan` read, and how many rows were none that the contract knows. */
interface Read<Row> {
  readonly rows: readonly Row[];
  readonly unreadable: number;
}

/** The tables as reconcile uses them: each write names the state that it leaves. */
export class Tables {
  readonly #client: DynamoDBDocumentClient;
  readonly #builds: string;
  readonly #releases: string;

  constructor(client: DynamoDBDocumentClient, builds: string, releases: string) {
    this.#client = client;
    this.#builds = builds;
    this.#releases = releases;
  }

  /** Builds that have not ended or whose end was not told, and those of release tags that passed lately. */
  async builds(now: Date): Promise<Read<BuildRecord>> {
    const items = await this.#scan({
      TableName: this.#builds,
      ConsistentRead: true,
      FilterExpression:
        "attribute_exists(#state) AND (attribute_not_exists(toldAt) OR " +
        "(begins_with(id, :releases) AND #state = :success AND updatedAt > :lately))",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: {
        ":releases": "releases/",
        ":success": "success" satisfies BuildState,
        ":lately": new Date(now.getTime() - TAGS_MS).toISOString(),
      },
    });
    const rows = items.flatMap((item) => BuildRecord.safeParse(item).data ?? []);
    return { rows, unreadable: items.length - rows.length };
  }

  async releases(): Promise<Read<ReleaseRecord>> {
    const items = await this.#scan({ TableName: this.#releases, ConsistentRead: true });
    const rows = items.flatMap((item) => ReleaseRecord.safeParse(item).data ?? []);
    return { rows, unreadable: items.length - rows.length };
  }

  /** A build as it is now. */
  async build(id: string): Promise<BuildRecord | undefined> {
    const get = new GetCommand({ TableName: this.#builds, Key: { [BUILDS_KEY]: id }, ConsistentRead: true });
    return BuildRecord.safeParse((await this.#client.send(get)).Item).data;
  }

  /** Ends a build that stands as it was seen. Resolves with whether it did: else somebody works on it after all. */
  async endBuild(
    seen: BuildRecord,
    state: BuildState,
    reason: string | undefined,
    now: Date,
  ): Promise<boolean> {
    return await applied(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#builds,
          Key: { [BUILDS_KEY]: seen.id },
          UpdateExpression: `SET #state = :state, updatedAt = :now${
            reason === undefined ? " REMOVE toldAt, reason" : ", reason = :reason REMOVE toldAt"
          }`,
          ConditionExpression: "attempt = :attempt AND #state = :seen AND updatedAt = :updatedAt",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":state": state,
            ":now": now.toISOString(),
            ":attempt": seen.attempt,
            ":seen": seen.state,
            ":updatedAt": seen.updatedAt,
            ...(reason === undefined ? {} : { ":reason": reason }),
          },
        }),
      ),
    );
  }

  /** Notes that a build's check run says its state. Resolves with false where the record is in another by now. */
  async told({ id, attempt, state }: BuildRecord, now: Date): Promise<boolean> {
    return await applied(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#builds,
          Key: { [BUILDS_KEY]: id },
          ...toldUpdate(attempt, state, now),
        }),
      ),
    );
  }

  /** Counts that a release is taken up again, unless somebody else has just done so or works on it. */
  async resumeRelease({ release, repository, tag, commit, record }: ReleaseAct, now: Date): Promise<boolean> {
    const at = now.toISOString();
    if (record === undefined) {
      const made: ReleaseRecord = {
        ...{ release, repository, tag, commit },
        state: "failed",
        attempt: 1,
        uploaded: {},
        leaseUntil: 0,
        updatedAt: at,
        resumes: 1,
        resumedAt: at,
      };
      return await applied(
        this.#client.send(
          new PutCommand({
            TableName: this.#releases,
            Item: made,
            ConditionExpression: "attribute_not_exists(#id)",
            ExpressionAttributeNames: { "#id": RELEASES_KEY },
          }),
        ),
      );
    }
    const { resumes = 0, state, updatedAt } = record;
    return await applied(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#releases,
          Key: { [RELEASES_KEY]: release },
          UpdateExpression: "SET resumes = :next, resumedAt = :now",
          ConditionExpression: `#state = :state AND updatedAt = :updatedAt AND ${
            resumes === 0 ? "attribute_not_exists(resumes)" : "resumes = :resumes"
          }`,
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":next": resumes + 1,
            ":now": at,
            ":state": state,
            ":updatedAt": updatedAt,
            ...(resumes === 0 ? {} : { ":resumes": resumes }),
          },
        }),
      ),
    );
  }

  /** From when on the deliveries of a repository must be looked at, ms since the epoch; undefined at first. */
  async lookFrom(repository: string): Promise<number | undefined> {
    const Key = { [BUILDS_KEY]: hookMemoryId(repository) };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#builds, Key }));
    return typeof Item?.lookFrom === "number" ? Item.lookFrom : undefined;
  }

  async rememberLookFrom(repository: string, lookFrom: number, now: Date): Promise<void> {
    await this.#remember(hookMemoryId(repository), { lookFrom }, now);
  }

  async rememberRun(summary: ReconcileSummary, now: Date): Promise<void> {
    await this.#remember(LAST_RUN_ID, { summary }, now);
  }

  async #remember(id: string, what: Readonly<Record<string, unknown>>, now: Date): Promise<void> {
    const expiresAt = Math.floor(now.getTime() / 1000) + REMEMBER_SECONDS;
    const Item = { [BUILDS_KEY]: id, ...what, expiresAt };
    await this.#client.send(new PutCommand({ TableName: this.#builds, Item }));
  }

  async #scan(input: ScanCommandInput): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(new ScanCommand({ ...input, ExclusiveStartKey }));
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  }
}
