import type { CodeBuildClient } from "@aws-sdk/client-codebuild";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { readJob } from "../../clients/build-message.ts";
import type { GithubApp } from "../../clients/github-app.ts";
import { GithubRepository } from "../../clients/github-repository.ts";
import { reasonOf } from "../../clients/text.ts";
import { type BuildJob, buildKey } from "../../contracts/build-job.ts";
import type { CodebuildQueue, CodebuildSettings } from "../../contracts/codebuild-settings.ts";
import { logger } from "../lib/logger.ts";
import { imagesThere, isBusy, isUnclear, lookAt, startImages, startJob } from "./builds.ts";
import {
  type BuildSight,
  backoffSeconds,
  type Decision,
  decide,
  type EndState,
  SHORT_WAIT_SECONDS,
} from "./decide.ts";
import { bury, comeBack } from "./messages.ts";
import type { BuildStarts } from "./records.ts";
import { endText } from "./texts.ts";

export interface Feeder {
  readonly settings: CodebuildSettings;
  readonly sqs: SQSClient;
  readonly codebuild: CodeBuildClient;
  readonly ecr: ECRClient;
  readonly builds: BuildStarts;
  readonly github: GithubApp;
  readonly now: () => Date;
}

/** Whether the message goes from its queue, or comes back. */
export type Outcome = "goes" | "stays";

/** What a token for telling an end may do. */
const PERMISSIONS = { checks: "write" } as const;

/** After CodeBuild was asked; the same for who waits that images are made. */
const AFTER_START_SECONDS = 300;

/** A call that was not answered is repeated while CodeBuild still knows its token. */
const UNCLEAR_SECONDS = 60;

/**
 * Does what one message of a build queue needs: most often, starts its build. Throws what is wrong with the pipeline: the
 * message comes back by itself, and the function's alarm rings.
 */
export async function feed(feeder: Feeder, message: SQSRecord): Promise<Outcome> {
  const { settings, sqs } = feeder;
  const queue = settings.queues.find(({ arn }) => arn === message.eventSourceARN);
  if (queue === undefined)
    throw new Error(`found a message of ${message.eventSourceARN}, expected my queues'`);
  const read = readJob(message.body, queue.architecture);
  if ("reason" in read) {
    logger.error("no build job", { queue: queue.architecture, reason: read.reason });
    await bury(sqs, queue, message, read.reason);
    return "goes";
  }
  const { job } = read;
  const receives = Number(message.attributes.ApproximateReceiveCount);
  const about = { build: buildKey(job), attempt: job.attempt, receives };
  const wait = async (seconds: number, why: string): Promise<Outcome> => {
    logger.info("waits", { ...about, seconds, why });
    await comeBack(sqs, queue, message, seconds);
    return "stays";
  };
  try {
    const decision = await look(feeder, job, receives);
    if (decision.type === "done") {
      logger.info("done", { ...about, why: decision.why });
      return "goes";
    }
    if (decision.type === "wait") return await wait(decision.seconds, decision.why);
    if (decision.type === "start") return await start(feeder, queue, job, decision.start, wait);
    await end(feeder, job, decision.state, decision.reason);
    logger.error("given up", { ...about, state: decision.state, reason: decision.reason });
    if (decision.state === "error") await bury(sqs, queue, message, decision.reason);
    return "goes";
  } catch (error) {
    if (isBusy(error)) return await wait(backoffSeconds(receives), reasonOf(error));
    if (isUnclear(error)) return await wait(UNCLEAR_SECONDS, reasonOf(error));
    throw error;
  }
}

async function look({ builds, codebuild }: Feeder, job: BuildJob, receives: number): Promise<Decision> {
  const [record, newer] = await Promise.all([builds.record(job), builds.newer(job)]);
  const id = record?.codebuild?.attempt === job.attempt ? record.codebuild.id : undefined;
  const build: BuildSight | undefined = id === undefined ? undefined : await lookAt(codebuild, id);
  return decide({ job, receives, record, newer, build });
}

async function start(
  { builds, codebuild, ecr, now }: Feeder,
  queue: CodebuildQueue,
  job: BuildJob,
  nth: number,
  wait: (seconds: number, why: string) => Promise<Outcome>,
): Promise<Outcome> {
  if (!(await imagesThere(ecr, queue))) {
    await startImages(codebuild, queue).catch((error: unknown) => {
      // It makes them already.
      if (!isBusy(error)) throw error;
    });
    return await wait(SHORT_WAIT_SECONDS, `its images are made by ${queue.imagesProject}`);
  }
  // Written first: whoever comes after a crash asks with the same token.
  if (!(await builds.intend(job, nth, now())))
    return await wait(SHORT_WAIT_SECONDS, "another call starts its build");
  const id = await startJob(codebuild, queue.project, job, nth);
  await builds.started(job, nth, id);
  return await wait(AFTER_START_SECONDS, `started ${id}`);
}

/** Record, then check run: whoever dies between the two tells it again. */
async function end(
  { builds, github, now }: Feeder,
  job: BuildJob,
  state: EndState,
  reason: string,
): Promise<void> {
  await builds.end(job, state, reason, now());
  const repository = new GithubRepository(github, job.repository, PERMISSIONS);
  await repository.updateCheckRun(job.checkRun, endText(state, reason));
  await builds.told(job, state, now());
}
