import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { environment } from "../lib/environment.ts";
import { type Answer, receive } from "./receive.ts";
import { WebhookSecrets } from "./secrets.ts";

const { DELIVERIES_TABLE, WEBHOOK_SECRETS } = environment(["DELIVERIES_TABLE", "WEBHOOK_SECRETS"]);

const receiver = {
  secrets: new WebhookSecrets(new SecretsManagerClient(), WEBHOOK_SECRETS),
  deliveries: { client: new DynamoDBClient(), table: DELIVERIES_TABLE, key: "deliveryId" },
  now: () => new Date(),
};

export function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  return receive(receiver, event);
}
