import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkStackFile } from "../lib/stack-check.ts";
import { boardTable, withTable } from "./table.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

describe("the table of boards", () => {
  it("is the README's: run `npm run boards` after a change", () => {
    const config = checkStackFile(ROOT, "production", read("stacks/Pulumi.production.yaml"));
    expect(read("README.md")).toBe(withTable(read("README.md"), boardTable(config)));
    expect(Object.values(config.boards).filter(({ support }) => support === undefined)).toEqual([]);
  });

  it("needs a place", () => {
    expect(() => withTable("# Boards\n", "")).toThrow("expected the place of the table");
  });
});
