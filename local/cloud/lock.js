import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * When a process started, in clock ticks since boot: with it a process id is never mistaken for another process that
 * got the same number later. Nothing when there is no such process; an empty text where the system does not tell.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return process.platform === "linux" ? undefined : "";
  }
  // The command is in parentheses and may hold spaces: fields are counted after it (state is 3, start time 22).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

/**
 * Takes a lock file and returns what gives it back. Waits for a holder that lives; takes over from one that is dead.
 *
 * @param {string} file
 * @param {(pid: number) => void} onWait called once, when another process holds the lock
 * @returns {Promise<() => void>}
 */
export async function takeLock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${process.pid} ${processStart(process.pid) ?? ""} ${randomUUID()}`;
  let told = false;
  for (;;) {
    if (create(file, mine)) {
      return () => {
        if (read(file) === mine) rmSync(file, { force: true });
      };
    }
    const holder = read(file);
    if (holder === undefined) continue;
    const [pid = "", start = ""] = holder.split(" ");
    if (processStart(Number(pid)) !== start) {
      removeStale(file, holder);
      continue;
    }
    if (!told) onWait(Number(pid));
    told = true;
    await delay(300);
  }
}

/**
 * The file appears with its content or not at all: a hard link is made in one step, and only where nothing is.
 *
 * @param {string} file
 * @param {string} content
 * @returns {boolean} false when there is one already
 */
function create(file, content) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two waiters may find the same dead holder: the one whose rename comes second would move the winner's new lock, so
 * it looks at what it moved and puts that back.
 *
 * @param {string} file
 * @param {string} holder
 */
function removeStale(file, holder) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) === holder) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
