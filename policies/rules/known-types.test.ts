import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { knownTypes } from "./known-types.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The types of the SDK's classes that the components import: `@pulumi/aws/s3/bucket.js` is `aws:s3/bucket:Bucket`. */
function imported(): readonly string[] {
  const sources = readdirSync(join(ROOT, "components"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(ROOT, "components", file), "utf8"))
    .join("\n");
  const found = sources.matchAll(/@pulumi\/(aws|docker|github)\/(?:(\w+)\/)?(\w+)\.js/g);
  return [...found].flatMap(([, sdk = "", module = "index", file = ""]) =>
    /^(get|provider$)/.test(file)
      ? []
      : [`${sdk}:${module}/${file}:${file.charAt(0).toUpperCase()}${file.slice(1)}`],
  );
}

it("knows every type that the components make", () => {
  const types = imported();
  expect(types.length).toBeGreaterThan(20);
  expect(
    types.flatMap((type) => knownTypes.check({ urn: "", type, name: "one", props: {} }, { allowedApps: [] })),
  ).toEqual([]);
});
