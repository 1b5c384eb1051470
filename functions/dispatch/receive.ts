import { verify } from "@octokit/webhooks-methods";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { type EventTable, recordOnce } from "../lib/event-table.ts";
import { log } from "../lib/log.ts";
import { type Delivery, readDelivery } from "./request.ts";
import type { WebhookSecrets } from "./secrets.ts";

export interface Receiver {
  readonly secrets: WebhookSecrets;
  readonly deliveries: EventTable;
  readonly now: () => Date;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function answer(statusCode: number, body: Readonly<Record<string, unknown>>): Answer {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Whether the delivery is signed with its repository's secret. Compares in constant time. */
async function isGenuine(delivery: Delivery, secrets: WebhookSecrets, now: number): Promise<boolean> {
  const repository = delivery.payload.repository.name;
  const matches = async () => {
    const secret = await secrets.of(repository, now);
    return secret !== undefined && (await verify(secret, delivery.rawBody, delivery.signature));
  };
  // The secret may have been changed since it was read.
  return (await matches()) || ((await secrets.reload(now)) && (await matches()));
}

/**
 * Verifies a delivery and records it once. 202: accepted; 200: seen before; 4xx: refused with every reason.
 * An unknown repository and a wrong signature get the same answer: nobody learns which repositories there are.
 */
export async function receive(receiver: Receiver, event: LambdaFunctionURLEvent): Promise<Answer> {
  const delivery = readDelivery(event);
  if ("status" in delivery) {
    log("delivery refused", { status: delivery.status, problems: delivery.problems });
    return answer(delivery.status, { problems: delivery.problems });
  }
  const now = receiver.now();
  const { id, event: name, payload } = delivery;
  const about = { delivery: id, event: name, repository: payload.repository.full_name };
  if (!(await isGenuine(delivery, receiver.secrets, now.getTime()))) {
    log("delivery refused", { ...about, status: 401 });
    return answer(401, { problems: ["x-hub-signature-256: not signed with this repository's secret"] });
  }
  const isNew = await recordOnce(
    receiver.deliveries,
    id,
    {
      event: name,
      repository: payload.repository.full_name,
      action: payload.action,
      ref: payload.ref,
      commit: payload.after,
      sender: payload.sender?.login,
    },
    now,
  );
  log(isNew ? "delivery accepted" : "delivery seen before", about);
  return isNew ? answer(202, { accepted: id }) : answer(200, { duplicate: id });
}
