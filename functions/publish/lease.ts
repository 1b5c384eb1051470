import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { ReleaseRecord } from "../../contracts/release-record.ts";
import { LeaseLost, type ReleaseIdentity, type ReleaseRecords } from "./records.ts";

/** How long a lease lasts unless it is renewed, and how often it is looked at, in milliseconds. */
export interface LeaseTimes {
  readonly lastsMs: number;
  readonly renewMs: number;
  readonly pollMs: number;
}

export const LEASE_TIMES: LeaseTimes = { lastsMs: 60_000, renewMs: 15_000, pollMs: 2_000 };

export interface Lease {
  readonly owner: string;
  /** As it was when the lease was taken. */
  readonly record: ReleaseRecord;
  /** Ends with `LeaseLost`. */
  readonly lost: AbortSignal;
  /** Gives it back. */
  end(): Promise<void>;
}

/**
 * Takes the release, alone: waits for another invocation that works on it, until the signal ends that.
 * Undefined for a release that is published already.
 */
export async function takeLease(
  records: ReleaseRecords,
  identity: ReleaseIdentity,
  times: LeaseTimes,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  const owner = randomUUID();
  for (;;) {
    signal.throwIfAborted();
    const { taken, record } = await records.take(identity, owner, times.lastsMs);
    if (taken) return hold(records, record, owner, times);
    if (record.state === "published") return undefined;
    await pause(times.pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function hold(records: ReleaseRecords, record: ReleaseRecord, owner: string, times: LeaseTimes): Lease {
  const { release } = record;
  const lost = new AbortController();
  let until = Date.now() + times.lastsMs;
  const timer = setInterval(async () => {
    const next = Date.now() + times.lastsMs;
    try {
      await records.change(release, owner, { leaseUntil: next });
      until = next;
    } catch (error) {
      // A call that failed is made again, as long as nobody else can have taken it.
      if (error instanceof LeaseLost || Date.now() >= until) lost.abort(new LeaseLost(release));
    }
  }, times.renewMs);
  return {
    owner,
    record,
    lost: lost.signal,
    async end() {
      clearInterval(timer);
      // What cannot be given back ends by itself.
      await records.change(release, owner, { leaseUntil: 0, leaseOwner: undefined }).catch(() => undefined);
    },
  };
}
