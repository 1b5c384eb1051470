// Plain JavaScript: it runs before the program is bundled. What the SDK does for nothing, every preview waits for,
// of a stack at Amazon and GitHub as well as of one on this machine.
import Module, { createRequire } from "node:module";

const requireFromSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));

/** What the SDK reads at its start, only to turn functions into text: a program without dynamic providers has none. */
const RARELY_USED = ["typescript", "@npmcli/arborist"];

/**
 * Puts an object in a package's place that reads the package when it is first looked into.
 *
 * @param {string} name
 */
function readWhenUsed(name) {
  const { cache } = requireFromSdk;
  let path = "";
  try {
    path = requireFromSdk.resolve(name);
  } catch {
    // The SDK knows what to do without it.
    return;
  }
  if (cache[path] !== undefined) return;
  const standIn = new Module(path);
  const real = () => {
    if (cache[path] === standIn) delete cache[path];
    return requireFromSdk(path);
  };
  standIn.filename = path;
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      // Who imports it asks whether it is a module, or takes a copy. That is no use of it yet.
      get: (_, key) => (key === "__esModule" ? true : Reflect.get(real(), key)),
      has: (_, key) => Reflect.has(real(), key),
    },
  );
  cache[path] = standIn;
}

/** The SDK's functions that take a stack which nobody reads. */
const UNREAD = new Set([
  // Of every property of every resource, and only PULUMI_DEBUG_PROMISE_LEAKS shows it.
  "debuggablePromise",
  // Of every resource, for the state, which is written anew at each step: a sixth of it. The engine does not look at
  // it, and it has the paths of the machine that ran the program.
  "callsites",
]);

/** These stacks stay empty: mapped to the sources, they are a quarter of the program's time. */
function leaveUnreadStacksEmpty() {
  const prepare = Error.prepareStackTrace;
  if (prepare === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  Error.prepareStackTrace = (error, frames) =>
    UNREAD.has(frames[0]?.getFunctionName() ?? "") ? "" : prepare(error, frames);
}

/** To be called before anything else imports the SDK. */
export function prepareSdk() {
  RARELY_USED.forEach(readWhenUsed);
  leaveUnreadStacksEmpty();
}
