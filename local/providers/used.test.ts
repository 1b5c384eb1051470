import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { awsProvider } from "./aws/provider.ts";
import { dockerProvider } from "./docker/provider.ts";
import { githubProvider } from "./github/provider.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The SDK files that the program imports, `@pulumi/aws/s3/bucket.js`, but for the providers themselves. */
function imported(): string[] {
  const sources = ["components", "infra"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
  );
  const files = sources.flatMap((text) => text.match(/@pulumi\/(aws|docker|github)\/[\w/]+\.js/g) ?? []);
  return [...new Set(files)].filter((file) => !file.endsWith("/provider.js")).sort();
}

/** Where the SDK declares `aws:s3/bucket:Bucket`. */
function declared(token: string): string {
  const [name, module = ""] = token.split(":");
  return `@pulumi/${name}/${module.replace(/^index\//, "")}.js`;
}

it("serves just what the program uses", () => {
  const providers = [awsProvider("0"), dockerProvider("0"), githubProvider("0")];
  const served = providers.flatMap(({ resources, functions = [] }) => [
    ...resources.map(({ type }) => type),
    ...functions.map(({ token }) => token),
  ]);
  expect(served.map(declared).sort()).toEqual(imported());
});
