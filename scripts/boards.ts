import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boardTable, withTable } from "./boards/table.ts";
import { main } from "./lib/command.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/** `npm run boards`: writes the README's table of boards from what the production stack says of them. */
await main(async () => {
  const root = join(import.meta.dirname, "..");
  const stackFile = readFileSync(join(root, "stacks", "Pulumi.production.yaml"), "utf8");
  const readme = join(root, "README.md");
  writeFileSync(
    readme,
    withTable(readFileSync(readme, "utf8"), boardTable(checkStackFile(root, "production", stackFile))),
  );
  return 0;
});
