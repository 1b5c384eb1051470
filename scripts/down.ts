import { existsSync, readFileSync, rmSync } from "node:fs";
import { stopCloud } from "../local/cloud/cloud.ts";
import { processStart } from "../local/cloud/lock.js";
import { parseArguments } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { display, runEngine } from "./lib/engine-run.ts";
import { readStackState } from "./lib/engine-state.ts";
import { openSession, openStackFile } from "./lib/session.ts";
import { createContext } from "./setup-steps/context.js";
import { dockerdNote } from "./setup-steps/docker.js";

/**
 * `npm run down [-- --stack <name>] [--force] [--purge]`: destroys what the stack made and stops the local cloud.
 * `--force` destroys what is protected too; `--purge` removes the state folder at the end.
 */
await main(async () => {
  const args = parseArguments(process.argv.slice(2), ["force", "purge"]);
  const [force, purge] = [args.switches.has("force"), args.switches.has("purge")];
  const { settings, stateDir } = openStackFile(args);
  if (settings === undefined) {
    const session = await openSession(args, log);
    return await runEngine(session, ["destroy", "--stack", session.stack, ...args.rest]);
  }
  const state = readStackState(stateDir, args.stack);
  if (state !== undefined && state.protected.length > 0 && !force) {
    const names = state.protected.map((urn) => `  ${describeUrn(urn)}`).join("\n");
    throw new Error(
      `these are protected, and nothing was destroyed:\n${names}\nnpm run down -- --force destroys them too.`,
    );
  }
  if (state !== undefined && state.resources > 0) {
    const session = await openSession(args, log);
    const unprotected =
      state.protected.length === 0 ? 0 : await runEngine(session, ["state", "unprotect", "--all", "--yes"]);
    const options = ["--yes", "--skip-preview", "--refresh", ...display];
    const code =
      unprotected === 0 ? await runEngine(session, ["destroy", ...options, ...args.rest]) : unprotected;
    if (code !== 0 && !(force && purge)) {
      log("not everything could be destroyed, and the local cloud still runs.");
      log(
        "npm run down -- --force --purge forgets what is left; containers and images may stay behind in Docker.",
      );
      return code;
    }
  }
  await stopCloud(stateDir, log);
  tellAboutDocker();
  if (purge) {
    rmSync(stateDir, { recursive: true, force: true });
    log(`${stateDir}: removed`);
  }
  return 0;
});

/** `urn:pulumi:local::hypriotos::…$aws:s3/bucket:Bucket::name` as `aws:s3/bucket:Bucket name`. */
function describeUrn(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1)} ${name.join("::")}`;
}

/** The daemon serves more than this project: it is not ended here, but whoever did not start it should know of it. */
function tellAboutDocker(): void {
  const file = dockerdNote(createContext());
  if (!existsSync(file)) return;
  const note: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof note !== "object" || note === null || !("pid" in note) || !("start" in note)) return;
  if (typeof note.pid !== "number" || processStart(note.pid) !== note.start) return;
  log(`Docker: the daemon that set-up started still runs; kill ${note.pid} ends it`);
}
