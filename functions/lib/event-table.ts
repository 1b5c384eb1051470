import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";

const DAY_SECONDS = 24 * 3600;

/** How long an accepted event is remembered. GitHub offers a delivery for redelivery for three days. */
const REMEMBER_DAYS = 30;

/** A table of events that were accepted, each once (see `components/event-table.ts`). */
export interface EventTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The attribute that identifies an event. */
  readonly key: string;
}

/**
 * Records an event unless it is there already; two calls at the same time record it once.
 * Resolves with whether it was new. `attributes` are kept as strings.
 */
export async function recordOnce(
  { client, table, key }: EventTable,
  id: string,
  attributes: Readonly<Record<string, string | undefined>>,
  now: Date,
): Promise<boolean> {
  const item: Record<string, { S: string } | { N: string }> = {
    [key]: { S: id },
    receivedAt: { S: now.toISOString() },
    expiresAt: { N: String(Math.floor(now.getTime() / 1000) + REMEMBER_DAYS * DAY_SECONDS) },
  };
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) item[name] = { S: value };
  }
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: "attribute_not_exists(#key)",
        ExpressionAttributeNames: { "#key": key },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
