import { IdempotencyPersistenceLayerError } from "@aws-lambda-powertools/idempotency";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { RequestError } from "@octokit/request-error";
import { verify } from "@octokit/webhooks-methods";
import type { Context, LambdaFunctionURLEvent } from "aws-lambda";
import { type GithubApp, githubStatus, type Permissions } from "../../clients/github-app.ts";
import { GithubRepository } from "../../clients/github-repository.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { DispatchSettings } from "../../contracts/dispatch-settings.ts";
import { logger } from "../lib/logger.ts";
import { act, ClaimLost, type Done, type Reach } from "./act.ts";
import { type Answer, answer } from "./answer.ts";
import { Builds } from "./builds.ts";
import { decide, questions } from "./decide/decide.ts";
import type { Event } from "./events/event.ts";
import { readEvent } from "./events/read.ts";
import { lookUp } from "./look-up.ts";
import type { Deliveries } from "./once.ts";
import { type Delivery, readDelivery } from "./request.ts";
import type { WebhookSecrets } from "./secrets.ts";

export interface Receiver {
  readonly settings: DispatchSettings;
  readonly catalogue: Catalogue;
  readonly secrets: WebhookSecrets;
  readonly deliveries: Deliveries;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly github: GithubApp;
  readonly now: () => Date;
}

/**
 * When a delivery's work is given up, from its arrival, in ms. GitHub itself gives up after 10 s; noting how it went
 * takes at most three more.
 */
const DEADLINE_MS = 6_000;
const CLAIM_TRIES = 3;

const CHECKS: Permissions = { checks: "write" };
const PULLS: Permissions = { checks: "write", issues: "write", pull_requests: "read" };

/** Whether the delivery is signed with its repository's secret. Compares in constant time. */
async function isGenuine(
  delivery: Delivery,
  secrets: WebhookSecrets,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  const repository = delivery.payload.repository.name;
  const matches = async () => {
    const secret = await secrets.of(repository, now, signal);
    return secret !== undefined && (await verify(secret, delivery.rawBody, delivery.signature));
  };
  // The secret may have been changed since it was read.
  return (await matches()) || ((await secrets.reload(now, signal)) && (await matches()));
}

/** Looks up, decides and acts; once more where somebody else was faster. */
async function handle(receiver: Receiver, event: Event, delivery: Delivery, reach: Reach): Promise<Done[]> {
  const { settings } = receiver;
  const repository = delivery.payload.repository.full_name;
  for (let tries = 1; ; tries += 1) {
    const about = { delivery: delivery.id, now: receiver.now(), repository, tagPattern: settings.tagPattern };
    const found = await lookUp(questions(event, repository, settings.tagPattern), reach);
    const known = { ...found, ...about };
    const done: Done[] = [];
    try {
      for (const step of decide(event, known)) done.push(await act(step, reach, known));
      return done;
    } catch (error) {
      if (!(error instanceof ClaimLost) || tries >= CLAIM_TRIES) throw error;
    }
  }
}

/** What is behind dispatch did not do its part: not an error of this function, and over when that is well again. */
function upstream(error: unknown): string | undefined {
  if (error instanceof RequestError) return `GitHub: ${githubStatus(error) ?? "no answer"}`;
  if (error instanceof IdempotencyPersistenceLayerError) return `AWS: ${upstreamName(error.cause)}`;
  if (error instanceof ClaimLost) return "the build is being changed by others";
  if (!(error instanceof Error)) return undefined;
  const isAws = "$metadata" in error || /^(Timeout|Abort)Error$/.test(error.name) || "code" in error;
  return isAws ? `AWS: ${upstreamName(error)}` : undefined;
}

function upstreamName(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  return error.name === "Error" && "code" in error ? String(error.code) : error.name;
}

/**
 * Verifies a delivery and does once what it asks for. 202: done; 200: done before, or nothing to do; 4xx: refused with
 * every reason; 503: try again. An unknown repository and a wrong signature get the same answer: nobody learns which
 * repositories there are. Throws what only an error in this program explains.
 */
export async function receive(
  receiver: Receiver,
  request: LambdaFunctionURLEvent,
  context: Context,
): Promise<Answer> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const delivery = readDelivery(request);
  if ("status" in delivery) return refuse(delivery.status, delivery.problems, {});
  const { id, event: name, payload } = delivery;
  const about = { delivery: id, event: name, repository: payload.repository.full_name };
  try {
    if (!(await isGenuine(delivery, receiver.secrets, receiver.now().getTime(), signal))) {
      return refuse(401, ["x-hub-signature-256: not signed with this repository's secret"], about);
    }
    return await accept(receiver, delivery, about, context, signal);
  } catch (error) {
    const because = upstream(error);
    if (because === undefined) throw error;
    logger.error("delivery failed", { ...about, because });
    return answer(503, { problems: [`${because}: deliver this again`] }, { "retry-after": "30" });
  }
}

function refuse(
  status: number,
  problems: readonly string[],
  about: Readonly<Record<string, string>>,
): Answer {
  logger.warn("delivery refused", { ...about, status, problems });
  return answer(status, { problems });
}

async function accept(
  receiver: Receiver,
  delivery: Delivery,
  about: Readonly<Record<string, string>>,
  context: Context,
  signal: AbortSignal,
): Promise<Answer> {
  const { settings, catalogue } = receiver;
  const { name, full_name } = delivery.payload.repository;
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (entry === undefined || full_name !== `${settings.organization}/${name}`) {
    logger.warn("delivery ignored", { ...about, because: "no repository of this pipeline" });
    return answer(200, { ignored: "no repository of this pipeline" });
  }
  const event = readEvent(delivery.event, delivery.json, full_name, settings.github.appId);
  if ("problems" in event) return refuse(422, event.problems, about);
  if (event.type === "other") {
    logger.info("delivery ignored", { ...about, because: event.because });
    return answer(200, { ignored: event.because });
  }
  const permissions = event.type === "pull-request" ? PULLS : CHECKS;
  const reach: Reach = {
    builds: new Builds(receiver.dynamodb, settings.buildsTable, signal),
    github: new GithubRepository(receiver.github, full_name, permissions, signal),
    sqs: receiver.sqs,
    settings,
    entry,
    signal,
  };
  const outcome = await receiver.deliveries.once(delivery.id, context, async () => ({
    ...about,
    done: (await handle(receiver, event, delivery, reach)).map((done) => ({ ...done })),
  }));
  if (outcome.how === "in progress") {
    logger.warn("delivery in progress", about);
    return answer(503, { problems: ["this delivery is being worked on"] }, { "retry-after": "30" });
  }
  const { done } = outcome.result;
  logger.info(outcome.how === "now" ? "delivery done" : "delivery seen before", { ...about, done });
  return outcome.how === "now"
    ? answer(202, { accepted: delivery.id, done })
    : answer(200, { duplicate: delivery.id, done });
}
