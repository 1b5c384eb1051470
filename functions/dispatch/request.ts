import type { LambdaFunctionURLEvent } from "aws-lambda";
import { DELIVERY_HEADERS, DeliveryPayload } from "../../contracts/delivery.ts";
import { problemLines } from "../../contracts/problems.ts";

/** A delivery as GitHub sent it; nothing in it is verified yet. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly signature: string;
  /** The bytes that the signature is over, as text. */
  readonly rawBody: string;
  readonly payload: DeliveryPayload;
}

/** Why a request is refused: an HTTP status and what the sender is told. */
export interface Refusal {
  readonly status: 400 | 401 | 405;
  readonly problems: readonly string[];
}

/** Ids are UUIDs and event names are words: anything else is not GitHub's, and must not reach a log. */
const HEADER_VALUE = /^[A-Za-z0-9_=-]{1,100}$/;

/** Reads a function URL's event, or says everything that is wrong with it. */
export function readDelivery(event: LambdaFunctionURLEvent): Delivery | Refusal {
  if (event.requestContext.http.method !== "POST") {
    return { status: 405, problems: ["method: expected POST"] };
  }
  const problems = DELIVERY_HEADERS.filter((name) => !HEADER_VALUE.test(event.headers[name] ?? "")).map(
    (name) =>
      `${name}: ${event.headers[name] === undefined ? "missing" : "malformed"}, expected GitHub's header`,
  );
  const rawBody = event.isBase64Encoded
    ? Buffer.from(event.body ?? "", "base64").toString("utf8")
    : (event.body ?? "");
  const payload = readPayload(rawBody);
  if (Array.isArray(payload)) problems.push(...payload);
  if (problems.length > 0 || Array.isArray(payload)) return { status: 400, problems };
  const [id, name, signature] = DELIVERY_HEADERS.map((header) => event.headers[header] ?? "");
  return { id: id ?? "", event: name ?? "", signature: signature ?? "", rawBody, payload };
}

function readPayload(rawBody: string): DeliveryPayload | string[] {
  let value: unknown;
  try {
    value = JSON.parse(rawBody);
  } catch {
    return ["body: found no JSON, expected a webhook payload with content type application/json"];
  }
  const parsed = DeliveryPayload.safeParse(value);
  return parsed.success ? parsed.data : problemLines(parsed.error).map((line) => `body.${line}`);
}
