import { parseArguments } from "./lib/arguments.ts";
import { main } from "./lib/command.ts";
import { previewStack } from "./lib/preview.ts";
import { openStackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/** `npm run preview [-- --stack <name>] [engine options]`: says what `up` would change. */
await main(async () => {
  const args = parseArguments(process.argv.slice(2));
  const { root, text } = openStackFile(args);
  return await previewStack(args, checkStackFile(root, args.stack, text));
});
