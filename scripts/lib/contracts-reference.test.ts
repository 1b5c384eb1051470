import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contractsReference } from "./contracts-reference.ts";

it("is what docs/contracts.md was made from: run `npm run schema` after a change", () => {
  const file = join(import.meta.dirname, "..", "..", "docs", "contracts.md");
  expect(readFileSync(file, "utf8")).toBe(contractsReference());
});
