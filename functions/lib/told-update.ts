import type { BuildState } from "../../contracts/build-record.ts";

/** How the builds table is told that a check run says an attempt's state; done only where that is its state. */
export function toldUpdate(attempt: number, state: BuildState, now: Date) {
  return {
    UpdateExpression: "SET toldAt = :now",
    ConditionExpression: "attempt = :attempt AND #state = :state",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":now": now.toISOString(), ":attempt": attempt, ":state": state },
  };
}
