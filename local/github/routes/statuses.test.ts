import { expect, test } from "vitest";
import { labelNames } from "./pull-labels.ts";
import { combined, latest } from "./statuses.ts";

test("the last status of each context counts, whatever the order", () => {
  const status = (id: number, context: string, state: string) => ({ id, context, state });
  const all = [status(3, "build", "success"), status(1, "build", "failure"), status(2, "lint", "pending")];
  expect(latest(all)).toEqual([status(3, "build", "success"), status(2, "lint", "pending")]);
});

test.each([
  [[], "pending"],
  [["success", "success"], "success"],
  [["success", "pending"], "pending"],
  [["pending", "error"], "failure"],
  [["failure"], "failure"],
])("%j sum up to %s", (states, expected) => {
  expect(combined(states)).toBe(expected);
});

test("label names come in all shapes that GitHub takes", () => {
  expect(labelNames(["a", { name: "b" }])).toEqual(["a", "b"]);
  expect(labelNames({ labels: ["a"] })).toEqual(["a"]);
  expect(labelNames("a")).toEqual(["a"]);
  for (const wrong of [{}, [1], [""], null]) expect(() => labelNames(wrong)).toThrow("Validation Failed");
});
