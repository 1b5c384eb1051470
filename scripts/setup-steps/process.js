import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join, sep } from "node:path";

/** A failure that one sentence explains: what is wrong and the way out. Shown without a stack. */
export class SetupError extends Error {}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; the process's own when left out
 * @property {number} [timeoutSeconds] the process is killed after this time
 * @property {(line: string) => void} [onLine] called for each line of standard output and standard error
 */

/**
 * @typedef {object} RunResult
 * @property {number} code the exit code; 127 when there is no such command, 124 when the time was up
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a command to its end. Never throws: a missing command is exit code 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    let timedOut = false;
    const timer =
      options.timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill("SIGKILL");
          }, options.timeoutSeconds * 1000);
    for (const name of /** @type {const} */ (["stdout", "stderr"])) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
        text[name] += chunk;
        if (options.onLine === undefined) return;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) options.onLine(line);
      });
    }
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout: text.stdout, stderr: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ ...text, code: timedOut ? 124 : (code ?? 1) });
    });
  });
}

/**
 * The last lines that say why a command failed.
 *
 * @param {RunResult} result
 * @param {number} [lines]
 */
export function reason(result, lines = 6) {
  if (result.code === 124) return "it took too long";
  const text = result.stderr.trim() === "" ? result.stdout : result.stderr;
  return text.trim().split("\n").slice(-lines).join("\n");
}

/**
 * Where a command is on PATH. Commands that npm packages bring are left out: under `npm run` they come first, and
 * what is wanted here is what the machine has.
 *
 * @param {string} command
 * @param {string} [path]
 * @returns {string | undefined}
 */
export function commandPath(command, path = process.env.PATH ?? "") {
  for (const directory of path.split(delimiter)) {
    if (directory === "" || directory.includes(`node_modules${sep}.bin`)) continue;
    const file = join(directory, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this directory.
    }
  }
  return undefined;
}
