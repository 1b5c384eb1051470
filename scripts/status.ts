import { parseArguments } from "./lib/arguments.ts";
import { main } from "./lib/command.ts";
import { openStackFile } from "./lib/session.ts";
import { localStatus, renderStatus } from "./lib/status.ts";

/** `npm run status [-- --stack <name>] [--json]`: how every part is. Exit code 1 when one is down. */
await main(async () => {
  const args = parseArguments(process.argv.slice(2), ["json"]);
  const { settings, stateDir } = openStackFile(args);
  if (settings === undefined) {
    throw new Error(
      `stack ${args.stack} does not live on this machine: npm run pulumi -- --stack ${args.stack} stack shows it`,
    );
  }
  const status = await localStatus(stateDir, args.stack);
  process.stdout.write(
    `${args.switches.has("json") ? JSON.stringify(status, null, 2) : renderStatus(status)}\n`,
  );
  return status.parts.every(({ ok }) => ok) ? 0 : 1;
});
