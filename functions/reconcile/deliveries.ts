import type { HookDelivery } from "../../clients/github-hooks.ts";
import { pauseAfter } from "./pause.ts";

/** What GitHub keeps, less what a redelivery takes to be asked for. In ms. */
export const KEPT_MS = 3 * 24 * 3600_000 - 10 * 60_000;
/** A delivery is listed when it was answered, and clocks differ. In ms. */
const OVERLAP_MS = 10 * 60_000;
/** What still fails after this is for people. In ms. */
const UNDELIVERED_MS = 30 * 60_000;
/** How often an event is delivered that the receiver refuses; a secret may have been changed just then. */
const REFUSED_TRIES = 3;

/** The attempts of one repository's webhook since it was looked at. */
export interface ListedDeliveries {
  /** `owner/name`. */
  readonly repository: string;
  readonly hook: number;
  readonly deliveries: readonly HookDelivery[];
}

export interface Redelivery {
  readonly do: "redeliver";
  readonly repository: string;
  readonly hook: number;
  /** The newest attempt. */
  readonly delivery: string;
  readonly guid: string;
  readonly event: string;
  /** Attempts until now. */
  readonly tries: number;
  /** When the event was delivered first, ms since the epoch. */
  readonly since: number;
}

export interface DeliveriesPlan {
  /** The oldest first. */
  readonly redeliveries: readonly Redelivery[];
  /** Events that fail for so long that somebody should look. */
  readonly undelivered: number;
  /** From when on each repository's deliveries must be looked at again, ms since the epoch. */
  readonly lookFrom: ReadonlyMap<string, number>;
}

const isDelivered = ({ statusCode }: HookDelivery) => statusCode >= 200 && statusCode < 300;

/** The receiver says that the event itself is wrong; asking later and too much at once are no such reasons. */
const isRefused = ({ statusCode }: HookDelivery) =>
  statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429;

/** From when on to look at a repository's deliveries, where it was looked at until `lookFrom`, if it was. */
export function lookSince(lookFrom: number | undefined, now: number): number {
  return Math.max(lookFrom ?? 0, now - KEPT_MS);
}

/** What is done about failed deliveries: an event whose newest attempt failed is delivered again, later each time. */
export function planDeliveries(listed: readonly ListedDeliveries[], now: number): DeliveriesPlan {
  const redeliveries: Redelivery[] = [];
  const lookFrom = new Map<string, number>();
  let undelivered = 0;
  for (const { repository, hook, deliveries } of listed) {
    let from = now - OVERLAP_MS;
    for (const attempts of byEvent(deliveries)) {
      const [first] = attempts;
      const newest = attempts.at(-1);
      if (first === undefined || newest === undefined || isDelivered(newest)) continue;
      if (now - first.deliveredAt > KEPT_MS) continue;
      from = Math.min(from, first.deliveredAt);
      if (now - first.deliveredAt > UNDELIVERED_MS) undelivered += 1;
      const tries = attempts.length;
      if (isRefused(newest) && tries >= REFUSED_TRIES) continue;
      // The first redelivery waits for nothing: what failed may be over.
      if (now - newest.deliveredAt < pauseAfter(tries - 1)) continue;
      const { id: delivery, guid, event } = newest;
      const since = first.deliveredAt;
      redeliveries.push({ do: "redeliver", repository, hook, delivery, guid, event, tries, since });
    }
    lookFrom.set(repository, from);
  }
  redeliveries.sort((one, other) => one.since - other.since || byId(one.delivery, other.delivery));
  return { redeliveries, undelivered, lookFrom };
}

const byId = (one: string, other: string) => (BigInt(one) < BigInt(other) ? -1 : 1);

/** The attempts of each event, the oldest first. */
function byEvent(deliveries: readonly HookDelivery[]): readonly (readonly HookDelivery[])[] {
  const events = new Map<string, HookDelivery[]>();
  for (const delivery of deliveries) {
    const attempts = events.get(delivery.guid) ?? [];
    attempts.push(delivery);
    events.set(delivery.guid, attempts);
  }
  return [...events.values()].map((attempts) =>
    attempts.sort((one, other) => one.deliveredAt - other.deliveredAt || byId(one.id, other.id)),
  );
}
