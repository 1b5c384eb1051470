import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HookDelivery } from "../../clients/github-hooks.ts";
import { KEPT_MS, lookSince, planDeliveries } from "./deliveries.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;

const attempt = (guid: string, id: number, minutesAgo: number, statusCode: number): HookDelivery => ({
  id: String(id),
  guid,
  event: "push",
  deliveredAt: NOW - minutesAgo * MINUTE,
  statusCode,
});

const plan = (...deliveries: HookDelivery[]) =>
  planDeliveries([{ repository: "hypriot/board", hook: 2, deliveries }], NOW);
const again = (...deliveries: HookDelivery[]) =>
  plan(...deliveries).redeliveries.map(({ guid, delivery, tries }) => [guid, delivery, tries]);

describe("planDeliveries", () => {
  it.each([0, 408, 429, 500, 502, 503, 504, 401])("delivers what failed with %i again at once", (status) => {
    expect(again(attempt("a", 1, 0, status))).toEqual([["a", "1", 1]]);
  });

  it.each([200, 202, 204])("leaves what was answered with %i alone", (status) => {
    expect(again(attempt("a", 1, 0, status))).toEqual([]);
  });

  it("goes by the newest attempt of an event, however they are listed", () => {
    expect(again(attempt("a", 2, 5, 202), attempt("a", 1, 10, 503))).toEqual([]);
    expect(again(attempt("a", 1, 10, 202), attempt("a", 2, 5, 503))).toEqual([["a", "2", 2]]);
  });

  it("knows ids that JavaScript does not count exactly", () => {
    const big = (id: string) => ({ ...attempt("a", 1, 5, 503), id });
    expect(again(big("9007199254740993"), big("9007199254740992"))).toEqual([["a", "9007199254740993", 2]]);
  });

  it("takes the oldest event first", () => {
    expect(again(attempt("young", 1, 1, 503), attempt("old", 2, 9, 503))).toEqual([
      ["old", "2", 1],
      ["young", "1", 1],
    ]);
  });

  it("waits longer each time, and does not give up what may be over", () => {
    const failing = (tries: number, lastMinutesAgo: number) =>
      again(
        ...Array.from({ length: tries }, (_, index) =>
          attempt("a", index, lastMinutesAgo + tries - index - 1, 503),
        ),
      );
    expect(failing(2, 0.9)).toEqual([]);
    expect(failing(2, 1)).toHaveLength(1);
    expect(failing(3, 1.9)).toEqual([]);
    expect(failing(3, 2)).toHaveLength(1);
    expect(failing(12, 359)).toEqual([]);
    expect(failing(12, 360)).toHaveLength(1);
  });

  it("does not send for ever what is refused, but keeps telling of it", () => {
    const refused = [attempt("a", 1, 60, 401), attempt("a", 2, 50, 401), attempt("a", 3, 40, 401)];
    expect(again(...refused.slice(0, 2))).toHaveLength(1);
    const { redeliveries, undelivered, lookFrom } = plan(...refused);
    expect({ redeliveries, undelivered }).toEqual({ redeliveries: [], undelivered: 1 });
    expect(lookFrom.get("hypriot/board")).toBe(NOW - 60 * MINUTE);
  });

  it("lets go of what GitHub is about to forget", () => {
    const old = { ...attempt("a", 1, 0, 503), deliveredAt: NOW - KEPT_MS - 1 };
    expect(plan(old)).toMatchObject({ redeliveries: [], undelivered: 0 });
  });

  it("looks again from the first event that is not done, and always at the last ten minutes", () => {
    const lookFrom = (...deliveries: HookDelivery[]) => plan(...deliveries).lookFrom.get("hypriot/board");
    expect(lookFrom(attempt("a", 1, 100, 202))).toBe(NOW - 10 * MINUTE);
    expect(lookFrom(attempt("a", 1, 5, 503))).toBe(NOW - 10 * MINUTE);
    expect(lookFrom(attempt("a", 1, 100, 503), attempt("a", 2, 50, 503))).toBe(NOW - 100 * MINUTE);
    expect(lookSince(undefined, NOW)).toBe(NOW - KEPT_MS);
    expect(lookSince(NOW - 5, NOW)).toBe(NOW - 5);
  });

  it("never loses an event: what fails is delivered again, waits, or is told of, and is looked at again", () => {
    const deliveries = fc.array(
      fc.record({
        guid: fc.constantFrom("a", "b", "c"),
        id: fc.integer({ min: 1, max: 1000 }),
        minutesAgo: fc.integer({ min: 0, max: 4000 }),
        statusCode: fc.constantFrom(0, 202, 401, 503),
      }),
    );
    fc.assert(
      fc.property(deliveries, (list) => {
        const all = list.map(({ guid, id, minutesAgo, statusCode }) =>
          attempt(guid, id, minutesAgo, statusCode),
        );
        const { redeliveries, lookFrom } = plan(...all);
        expect(new Set(redeliveries.map(({ guid }) => guid)).size).toBe(redeliveries.length);
        for (const guid of new Set(all.map((delivery) => delivery.guid))) {
          const attempts = all
            .filter((delivery) => delivery.guid === guid)
            .sort((one, other) => one.deliveredAt - other.deliveredAt || Number(one.id) - Number(other.id));
          const done = attempts.at(-1)?.statusCode === 202;
          if (done) expect(redeliveries.some((one) => one.guid === guid)).toBe(false);
          else expect(lookFrom.get("hypriot/board")).toBeLessThanOrEqual(attempts[0]?.deliveredAt ?? 0);
        }
      }),
    );
  });
});
