import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Context
 * @property {string} root the work tree
 * @property {string} cache what clones share: the engine, the AWS emulator
 * @property {string} state the state folder of the local cloud
 * @property {boolean} isRoot
 */

/**
 * @typedef {object} Step
 * @property {string} id the name that `--only` takes
 * @property {string} title
 * @property {(context: Context) => Promise<string | undefined>} missing
 *   what has to be done, as half a sentence, or nothing when all is there. Cheap: it is asked on every run.
 * @property {(context: Context, progress: (text: string) => void) => Promise<void>} make
 *   does it. Must be safe to repeat after it was interrupted anywhere.
 * @property {boolean} [optional] where it cannot be had, set-up says so and goes on
 */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Context}
 */
export function createContext(env = process.env) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
  const home = env.XDG_CACHE_HOME;
  const local = env.HYPRIOTOS_LOCAL;
  return {
    root,
    cache: join(home === undefined || home === "" ? join(homedir(), ".cache") : home, "hypriotos-pipeline"),
    state: local === undefined || local === "" ? join(root, ".local") : resolve(local),
    isRoot: process.getuid?.() === 0,
  };
}
