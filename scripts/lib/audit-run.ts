import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureEngine } from "./engine-run.ts";
import type { Session } from "./session.ts";

/** The last lines of what the engine printed are enough to see why it has no events. */
const SHOWN_CHARACTERS = 4_000;

/** What a preview left behind. */
export interface RecordedPreview {
  /** The engine's events, one JSON object a line. */
  readonly log: string;
  /** Why there are none, where the engine did not even begin. */
  readonly failure: string | undefined;
}

/**
 * Runs a preview for its events. Like `npm run preview`, it looks at what is really there on a stack of this machine.
 * The engine's `--event-log` is what its own Automation API reads; the variable is its condition.
 */
export async function recordPreview(session: Session, options: readonly string[]): Promise<RecordedPreview> {
  const folder = mkdtempSync(join(tmpdir(), "hypriotos-audit-"));
  const file = join(folder, "events.jsonl");
  try {
    const where = session.local === undefined ? ["--stack", session.stack] : ["--refresh"];
    const quiet = ["--non-interactive", "--suppress-outputs", "--color", "never"];
    const { code, output } = await captureEngine(
      session,
      ["preview", ...where, ...quiet, "--event-log", file, ...options],
      { PULUMI_DEBUG_COMMANDS: "true" },
    );
    const log = existsSync(file) ? readFileSync(file, "utf8") : "";
    const failure = log.trim() === "" && code !== 0 ? output.slice(-SHOWN_CHARACTERS) : undefined;
    return { log, failure };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
