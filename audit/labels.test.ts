import { describe, expect, it } from "vitest";
import { labelChanges, severityLabels } from "./labels.ts";
import type { Destructive, Outcome } from "./report.ts";
import type { Risk } from "./risk.ts";

const risk = (severity: Risk["severity"]): Risk => ({
  kind: "public",
  severity,
  urn: "u",
  what: "w",
  where: "p",
});
const loss: Destructive = {
  urn: "u",
  section: "s",
  action: "delete",
  loss: undefined,
  kept: false,
  because: [],
  gap: false,
};
const names = (
  outcome: Outcome,
  risks: readonly Risk[] = [],
  { stack = "s", destructive = [] as readonly Destructive[] } = {},
) => severityLabels({ stack, outcome, risks, destructive }).map(({ name }) => name);

describe("severityLabels", () => {
  it.each([
    ["clean", []],
    ["changes", ["audit s: changes"]],
    ["violation", ["audit s: refused"]],
    ["error", ["audit s: failed"]],
  ] as const)("of %s", (outcome, expected) => {
    expect(names(outcome)).toEqual(expected);
  });

  it("say the worst risk", () => {
    expect(names("changes", [risk("medium")])).toEqual(["audit s: changes", "audit s: risk"]);
    expect(names("changes", [risk("medium"), risk("high")])).toEqual([
      "audit s: changes",
      "audit s: high risk",
    ]);
  });

  it("say that what is refused destroys, too", () => {
    expect(names("violation", [], { destructive: [loss] })).toEqual([
      "audit s: refused",
      "audit s: destructive",
    ]);
  });

  it("fit into GitHub's 50 characters, and differ where stacks do", () => {
    const [one] = names("destructive", [], { stack: `${"long".repeat(20)}-one` });
    const [two] = names("destructive", [], { stack: `${"long".repeat(20)}-two` });
    expect(one).toHaveLength(50);
    expect(one).not.toBe(two);
    for (const { description, color } of severityLabels({
      stack: "s",
      outcome: "error",
      risks: [risk("high")],
      destructive: [loss],
    })) {
      expect(description.length).toBeLessThanOrEqual(100);
      expect(color).toMatch(/^[\da-f]{6}$/);
    }
  });
});

describe("labelChanges", () => {
  const wanted = severityLabels({ stack: "s", outcome: "changes", risks: [], destructive: [] });

  it("adds what is missing and removes the stack's own that are stale", () => {
    const { add, remove } = labelChanges("s", ["audit s: destructive", "audit s: high risk"], wanted);
    expect(add.map(({ name }) => name)).toEqual(["audit s: changes"]);
    expect(remove).toEqual(["audit s: destructive", "audit s: high risk"]);
  });

  it("touches no other's: of people, of another stack, of the same beginning", () => {
    const others = ["bug", "audit t: destructive", "audit s: please", "audit s"];
    expect(labelChanges("s", others, []).remove).toEqual([]);
  });

  it("has nothing to do where all is as it should be, whatever its case", () => {
    expect(labelChanges("s", ["Audit S: Changes"], wanted)).toEqual({ add: [], remove: [] });
  });
});
