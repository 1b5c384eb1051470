import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lifecycleRules } from "./lifecycle.ts";

const days = fc.integer({ min: 1, max: 3650 });
const retention = fc.record({
  buildsDays: days,
  pullRequestsDays: days,
  cacheDays: days,
  noncurrentDays: days,
});

describe("lifecycleRules", () => {
  it("never expires a release", () => {
    fc.assert(
      fc.property(retention, (given) => {
        const expiring = lifecycleRules(given).filter(({ expiration }) => expiration !== undefined);
        expect(expiring.filter(({ filter }) => "releases/".startsWith(filter.prefix))).toEqual([]);
      }),
    );
  });

  it("has ids of its own for every rule, as S3 demands", () => {
    fc.assert(
      fc.property(retention, (given) => {
        const ids = lifecycleRules(given).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it("follows the prefixes and the given days", () => {
    expect(lifecycleRules({ buildsDays: 30, pullRequestsDays: 7, cacheDays: 14, noncurrentDays: 3 })).toEqual(
      [
        { id: "builds", status: "Enabled", filter: { prefix: "builds/" }, expiration: { days: 30 } },
        {
          id: "pull-requests",
          status: "Enabled",
          filter: { prefix: "pull-requests/" },
          expiration: { days: 7 },
        },
        { id: "cache", status: "Enabled", filter: { prefix: "cache/" }, expiration: { days: 14 } },
        {
          id: "noncurrent-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 3 },
        },
        {
          id: "aborted-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    );
  });
});
