import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSIONS_FILE } from "../../contracts/versions.ts";
import { captureEngine } from "./engine-run.ts";
import type { Session } from "./session.ts";

/** The last lines of what the engine printed are enough to see why it has no events. */
const SHOWN_CHARACTERS = 4_000;

/** What a run of the engine left behind. */
export interface RecordedRun {
  /** The engine's events, one JSON object a line. */
  readonly log: string;
  /** Why there are none, where the engine did not even begin. */
  readonly failure: string | undefined;
}

/**
 * Runs an engine command for its events. The engine's `--event-log` is what its own Automation API reads; the variable
 * is its condition.
 */
async function record(
  session: Session,
  command: readonly string[],
  options: readonly string[],
): Promise<RecordedRun> {
  const folder = mkdtempSync(join(tmpdir(), "hypriotos-audit-"));
  const file = join(folder, "events.jsonl");
  try {
    const quiet = ["--non-interactive", "--suppress-outputs", "--color", "never"];
    const { code, output } = await captureEngine(
      session,
      [...command, ...quiet, "--event-log", file, ...options],
      { PULUMI_DEBUG_COMMANDS: "true" },
    );
    const log = existsSync(file) ? readFileSync(file, "utf8") : "";
    const failure = log.trim() === "" && code !== 0 ? output.slice(-SHOWN_CHARACTERS) : undefined;
    return { log, failure };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const stackOption = ({ local, stack }: Session) => (local === undefined ? ["--stack", stack] : []);

/** Previews. Like `npm run preview`, it looks at what is really there on a stack of this machine. */
export function recordPreview(session: Session, options: readonly string[]): Promise<RecordedRun> {
  const refresh = session.local === undefined ? [] : ["--refresh"];
  return record(session, ["preview", ...stackOption(session), ...refresh], options);
}

/** What the pipeline itself changes after the program made it (components/repositories.ts): URNs with wildcards. */
const CHANGED_BY_PIPELINE = [`**::image-template/${VERSIONS_FILE}`];

/** Looks at what is really there, without the program, and writes nothing. */
export function recordRefresh(session: Session, options: readonly string[]): Promise<RecordedRun> {
  const without = CHANGED_BY_PIPELINE.flatMap((urn) => ["--exclude", urn]);
  return record(session, ["refresh", "--preview-only", ...stackOption(session), ...without], options);
}
