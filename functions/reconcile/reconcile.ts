import { GithubHooks } from "../../clients/github-hooks.ts";
import { reasonOf } from "../../clients/text.ts";
import type { ReconcileSummary } from "../../contracts/reconcile-memory.ts";
import { logger } from "../lib/logger.ts";
import { type Act, act, type Hands } from "./act.ts";
import { type BuildTimes, isStill, planBuilds, stuckBuilds } from "./builds.ts";
import { type ListedDeliveries, lookSince, planDeliveries } from "./deliveries.ts";
import { lookAtQueues } from "./queues.ts";
import { planReleases } from "./releases.ts";

export interface Reconciler extends Hands {
  /** The repositories that build, without their owner. */
  readonly repositories: readonly string[];
}

/** How many acts of a kind one run does. */
const MOST: Readonly<Record<Act["do"], number>> = {
  redeliver: 100,
  resume: 100,
  end: 100,
  tell: 100,
  publish: 20,
};

/** What is left of an invocation to say what was done, in ms. */
const RESERVE_MS = 15_000;

/** What a run did, counted while it does it. */
class Tally {
  readonly done: Record<string, number> = {};
  readonly errors: unknown[] = [];
  needless = 0;
  left = 0;
  undelivered = 0;
  stuck = 0;
  unpublished = 0;

  count(kind: Act["do"]): void {
    this.done[kind] = (this.done[kind] ?? 0) + 1;
  }

  fail(what: string, about: Readonly<Record<string, unknown>>, error: unknown): void {
    this.errors.push(error);
    logger.error(what, { ...about, reason: reasonOf(error) });
  }

  summary(at: Date): ReconcileSummary {
    const { done, errors, needless, left, undelivered, stuck, unpublished } = this;
    return {
      at: at.toISOString(),
      done,
      failed: errors.length,
      needless,
      left,
      undelivered,
      stuck,
      unpublished,
    };
  }
}

/** What a log line says of an act: names of ours only. */
function aboutAct(step: Act): Readonly<Record<string, unknown>> {
  switch (step.do) {
    case "redeliver": {
      const { repository, delivery, guid, event, tries } = step;
      return { repository, delivery, guid, event, tries };
    }
    case "publish":
      return { release: step.release, resumes: step.record?.resumes ?? 0 };
    default: {
      const { id, attempt, state } = step.record;
      return { build: id, attempt, state, ...(step.do === "end" ? { because: step.because } : {}) };
    }
  }
}

/** Does acts one after the other; one that fails keeps none of the others from being done. */
async function doAll(
  acts: readonly Act[],
  reconciler: Reconciler,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const taken: Partial<Record<Act["do"], number>> = {};
  for (const step of acts) {
    const number = (taken[step.do] ?? 0) + 1;
    if (signal.aborted || number > MOST[step.do]) {
      tally.left += 1;
      continue;
    }
    taken[step.do] = number;
    const about = { act: step.do, ...aboutAct(step) };
    try {
      if (await act(step, reconciler, signal)) {
        tally.count(step.do);
        logger.info("done", about);
      } else {
        tally.needless += 1;
        logger.info("needless", about);
      }
    } catch (error) {
      tally.fail("act failed", about, error);
    }
  }
}

async function reconcileBuilds(reconciler: Reconciler, tally: Tally, signal: AbortSignal): Promise<void> {
  const { tables, settings, sqs, now } = reconciler;
  const times: BuildTimes = {
    stillMs: settings.patience.build * 1000,
    stuckMs: settings.stuckMinutes * 60_000,
  };
  const at = now().getTime();
  const { rows, unreadable } = await tables.builds(now());
  if (unreadable > 0)
    tally.fail("builds that cannot be read", { count: unreadable }, new Error("unreadable"));
  tally.stuck = stuckBuilds(rows, times, at);
  const anyStill = rows.some((record) => isStill(record, at, times));
  const queues = anyStill ? await lookAtQueues(sqs, settings.queues) : {};
  await doAll(planBuilds(rows, queues, times, at), reconciler, tally, signal);
}

async function reconcileReleases(reconciler: Reconciler, tally: Tally, signal: AbortSignal): Promise<void> {
  const { tables, settings, now } = reconciler;
  // Builds first: a release that is made in between must not seem to be missing.
  const tags = await tables.builds(now());
  const { rows, unreadable } = await tables.releases();
  if (unreadable > 0)
    tally.fail("releases that cannot be read", { count: unreadable }, new Error("unreadable"));
  const plan = planReleases(rows, tags.rows, settings.patience.release * 1000, now().getTime());
  tally.unpublished = plan.unpublished;
  await doAll(plan.acts, reconciler, tally, signal);
}

async function listDeliveries(
  reconciler: Reconciler,
  name: string,
  signal: AbortSignal,
): Promise<ListedDeliveries | undefined> {
  const { settings, github, tables, now } = reconciler;
  const repository = `${settings.organization}/${name}`;
  const hooks = new GithubHooks(github, repository, signal);
  const hook = await hooks.find(settings.webhookUrl);
  if (hook === undefined) {
    logger.warn("a repository without the pipeline's webhook", { repository });
    return undefined;
  }
  const since = lookSince(await tables.lookFrom(name), now().getTime());
  return { repository, hook, deliveries: await hooks.deliveries(hook, since) };
}

async function reconcileDeliveries(reconciler: Reconciler, tally: Tally, signal: AbortSignal): Promise<void> {
  const { tables, repositories, settings, now } = reconciler;
  const listed: ListedDeliveries[] = [];
  const at = now().getTime();
  for (const name of repositories) {
    try {
      const found = await listDeliveries(reconciler, name, signal);
      if (found !== undefined) listed.push(found);
    } catch (error) {
      tally.fail("deliveries that cannot be listed", { repository: name }, error);
    }
  }
  const plan = planDeliveries(listed, at);
  tally.undelivered = plan.undelivered;
  await doAll(plan.redeliveries, reconciler, tally, signal);
  for (const [repository, lookFrom] of plan.lookFrom) {
    await tables.rememberLookFrom(repository.slice(settings.organization.length + 1), lookFrom, now());
  }
}

const PARTS = {
  builds: reconcileBuilds,
  releases: reconcileReleases,
  deliveries: reconcileDeliveries,
} as const;

/**
 * Looks at everything once, does what is to be done, and says so. What fails is counted and left to the next run; none
 * of it keeps another part from being done. Two runs at once do nothing twice that matters.
 */
export async function reconcile(reconciler: Reconciler, remainingMs: number): Promise<ReconcileSummary> {
  const tally = new Tally();
  const signal = AbortSignal.timeout(Math.max(0, remainingMs - RESERVE_MS));
  for (const [part, run] of Object.entries(PARTS)) {
    try {
      await run(reconciler, tally, signal);
    } catch (error) {
      tally.fail("part failed", { part }, error);
    }
  }
  const now = reconciler.now();
  const summary = tally.summary(now);
  logger.info("reconciled", { ...summary });
  await reconciler.tables.rememberRun(summary, now);
  return summary;
}
