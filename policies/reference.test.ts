import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { policiesReference } from "./reference.ts";

it("is what docs/policies.md was made from: run `npm run schema` after a change", () => {
  expect(readFileSync(new URL("../docs/policies.md", import.meta.url), "utf8")).toBe(policiesReference());
});
