import type { JSONValue } from "@aws-lambda-powertools/commons/types";
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";

/** How long a delivery is remembered. GitHub offers it for redelivery for three days. */
const REMEMBER_SECONDS = 30 * 24 * 3600;

/** How a delivery went: done now, done before, or being done by another call right now. */
export type Outcome<Result> =
  | { readonly how: "now" | "before"; readonly result: Result }
  | { readonly how: "in progress" };

/**
 * Does the work of a delivery once, by its id. What fails is forgotten, so that the next delivery does it; what was
 * cut off may be done again when the function's time was up.
 */
export class Deliveries {
  readonly #store: DynamoDBPersistenceLayer;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#store = new DynamoDBPersistenceLayer({
      awsSdkV3Client: client,
      tableName,
      keyAttr: "deliveryId",
      expiryAttr: "expiresAt",
    });
  }

  /** Throws what `work` throws. `work`'s result is kept as it is: it must be JSON. */
  async once<Result extends JSONValue>(
    id: string,
    lambdaContext: Context,
    work: () => Promise<Result>,
  ): Promise<Outcome<Result>> {
    let how: "now" | "before" = "before";
    const idempotent = makeIdempotent(
      (_delivery: { id: string }) => {
        how = "now";
        return work();
      },
      {
        persistenceStore: this.#store,
        keyPrefix: "delivery",
        config: new IdempotencyConfig({
          eventKeyJmesPath: "id",
          throwOnNoIdempotencyKey: true,
          expiresAfterSeconds: REMEMBER_SECONDS,
          lambdaContext,
        }),
      },
    );
    try {
      const result = await idempotent({ id });
      return { how, result };
    } catch (error) {
      if (error instanceof IdempotencyAlreadyInProgressError) return { how: "in progress" };
      throw error;
    }
  }
}
