import type { LambdaFunctionURLEvent } from "aws-lambda";
import { DELIVERY_HEADERS, DELIVERY_MAX_BYTES, DeliveryPayload } from "../../contracts/delivery.ts";
import { bodyProblems } from "./body-problems.ts";

/** A delivery as GitHub sent it; nothing in it is verified yet. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly signature: string;
  /** The bytes that the signature is over, as text. */
  readonly rawBody: string;
  /** The body as JSON. */
  readonly json: unknown;
  readonly payload: DeliveryPayload;
}

/** Why a request is refused: an HTTP status and what the sender is told. */
export interface Refusal {
  readonly status: 400 | 413;
  readonly problems: readonly string[];
}

/** Ids are UUIDs and event names are words: anything else is not GitHub's, and must not reach a log. */
const HEADER_VALUE = /^[A-Za-z0-9_=-]{1,100}$/;

/** Reads the POST of a function URL, or says everything that is wrong with it. */
export function readDelivery(event: LambdaFunctionURLEvent): Delivery | Refusal {
  const problems = DELIVERY_HEADERS.filter((name) => !HEADER_VALUE.test(event.headers[name] ?? "")).map(
    (name) =>
      `${name}: ${event.headers[name] === undefined ? "missing" : "malformed"}, expected GitHub's header`,
  );
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (body.length > DELIVERY_MAX_BYTES) {
    const tooLarge = `body: found ${body.length} bytes, expected at most ${DELIVERY_MAX_BYTES}`;
    return { status: 413, problems: [...problems, tooLarge] };
  }
  const rawBody = body.toString("utf8");
  const read = readPayload(rawBody);
  if ("problems" in read) problems.push(...read.problems);
  if (problems.length > 0 || "problems" in read) return { status: 400, problems };
  const [id = "", name = "", signature = ""] = DELIVERY_HEADERS.map((header) => event.headers[header]);
  return { id, event: name, signature, rawBody, ...read };
}

function readPayload(
  rawBody: string,
): Pick<Delivery, "json" | "payload"> | { readonly problems: readonly string[] } {
  let json: unknown;
  try {
    json = JSON.parse(rawBody);
  } catch {
    return {
      problems: ["body: found no JSON, expected a webhook payload with content type application/json"],
    };
  }
  const parsed = DeliveryPayload.safeParse(json);
  return parsed.success ? { json, payload: parsed.data } : { problems: bodyProblems(parsed.error) };
}
