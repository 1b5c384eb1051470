import { describe, expect, it } from "vitest";
import { suggestion } from "./suggestion.ts";

const names = ["organization", "boards", "rootfs", "artifacts", "slots"];

describe("suggestion", () => {
  it.each([
    ["organisation", "organization"],
    ["baords", "boards"],
    ["artefact", "artifacts"],
    ["SLOTS", "slots"],
    ["rootfs ", "rootfs"],
  ])("takes %j for a misspelt %s", (word, meant) => {
    expect(suggestion(word, names)).toBe(meant);
  });

  it.each(["queue", "", "constructor", "x".repeat(100_000)])(
    "has nothing for what is near nothing",
    (word) => {
      expect(suggestion(word, names)).toBeUndefined();
    },
  );

  it("prefers the nearest", () => {
    expect(suggestion("boardsz", ["board", "boards"])).toBe("boards");
  });
});
