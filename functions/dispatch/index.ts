import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { type Answer, receive } from "./receive.ts";
import { WebhookSecrets } from "./secrets.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings();

const receiver = {
  secrets: new WebhookSecrets(new SecretsManagerClient(), settings.webhookSecrets),
  deliveries: { client: new DynamoDBClient(), table: settings.deliveriesTable, key: "deliveryId" },
  now: () => new Date(),
};

export function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  return receive(receiver, event);
}
