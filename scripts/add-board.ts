import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { ask } from "./boards/ask.ts";
import { newBoard, readRequest } from "./boards/request.ts";
import { withBoard } from "./boards/stack-text.ts";
import { whatComes } from "./boards/what-comes.ts";
import { log, main } from "./lib/command.ts";
import { previewStack } from "./lib/preview.ts";
import { openStackFile } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/**
 * `npm run add-board [-- --name <board> …] [--stack <name>] [--no-preview]`: writes a board's entry into the stack file
 * and shows what `up` would make of it. Asks for what is not given, in a terminal. Writes nothing when anything of the
 * stack would be wrong.
 */
await main(async () => {
  const request = readRequest(process.argv.slice(2));
  const args = {
    stack: request.stack,
    configFile: request.configFile,
    switches: new Set<string>(),
    rest: [],
  };
  const { root, file } = openStackFile(args);
  const answers = process.stdin.isTTY
    ? await ask(request.given, process.stdin, process.stderr)
    : request.given;
  const board = newBoard(answers);
  // Read again: answering takes a while, and somebody may have edited the file meanwhile.
  const text = withBoard(readFileSync(file, "utf8"), board);
  const config = checkStackFile(root, request.stack, text);
  replaceFile(file, text);
  log(`${relative(root, file)}: ${board.name} is in it. Of it \`up\` makes:`);
  for (const line of whatComes(config, board.name)) log(line);
  if (!request.preview) return 0;
  return await previewStack(args, config);
});

/** All of it or none of it, with the rights that it has. */
function replaceFile(file: string, text: string): void {
  const real = realpathSync(file);
  const draft = `${real}.part`;
  writeFileSync(draft, text, { mode: statSync(real).mode });
  renameSync(draft, real);
}
