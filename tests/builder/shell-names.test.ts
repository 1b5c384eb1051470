import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./builder-image.ts";

const files = (folder: string) =>
  readdirSync(join(ROOT, "builder", folder))
    .filter((name) => name.endsWith(".sh"))
    .map((name) => join(folder, name));

const functionsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, "builder", file), "utf8").matchAll(/^(\w+)\(\)/gm)].map(
    ([, name = ""]) => name,
  );

// The builder reads all of lib/ and then one step and one boot method: of two functions with one name, the last wins.
it("no function of the builder takes another's name", () => {
  const shared = files("lib").flatMap((file) => functionsOf(file).map((name) => ({ name, file })));
  const own = [...files("steps"), ...files("boot")].flatMap((file) =>
    functionsOf(file).map((name) => ({ name, file })),
  );
  const taken = [...shared, ...own].filter(({ name, file }) =>
    shared.some((other) => other.name === name && other.file !== file),
  );
  expect(shared.length).toBeGreaterThan(100);
  expect(taken).toEqual([]);
});
