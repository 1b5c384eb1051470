/**
 * `up` of the seed boards on the local cloud against the engine registering as many resources that do nothing, and
 * a no-op `npm run up` against the engine's own no-op. Budget: 1.5 for the first. Both sides in turn, in one run.
 *
 * Both register the same number of components, and of resources with an id. Four of the latter are providers in the
 * pipeline: one for each cloud, with a plugin of its own, and the engine's own. The empty program has one provider and
 * resources that do nothing in place of the other three. Engine, language host, backend and the plugins' frame are the
 * same; the empty program is an ordinary one, TypeScript that is translated when it is loaded.
 */

import { openStack } from "../tests/support/engine.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { EmptyStack, onPipeline } from "./lib/engine.ts";
import { measure, median, seconds } from "./lib/measure.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const QUIET = ["--yes", "--skip-preview"];
/** What the empty program has without being told: the stack itself, and the provider of its custom resources. */
const STACK = 1;
const PROVIDER = 1;

const stack = await TestStack.create("bench-up");
try {
  const session = await openStack(stack);
  const empty = await EmptyStack.create(session, stack.folder);
  // Once uncounted: images are built, plugins made and modules read.
  await onPipeline(session, "up", ...QUIET);
  const resources = await stack.resources();
  const custom = resources.filter(({ id }) => id !== undefined).length;
  const components = resources.length - custom - STACK;
  await empty.resize(components, custom - PROVIDER);
  await empty.run("up", ...QUIET);

  const times = { up: [0], emptyUp: [0], noop: [0], emptyNoop: [0], warm: [0] };
  for (const series of Object.values(times)) series.pop();
  for (let round = 0; round < ROUNDS; round += 1) {
    times.noop.push((await onPipeline(session, "up", ...QUIET)).seconds);
    times.emptyNoop.push((await empty.run("up", ...QUIET)).seconds);
    const warm = await measure(
      "npm",
      ["run", "--silent", "up", "--", "--stack", stack.name, "--config-file", stack.file],
      {
        cwd: session.root,
        env: { ...process.env, HYPRIOTOS_LOCAL: stack.stateDir },
      },
    );
    times.warm.push(warm.seconds);
    await onPipeline(session, "destroy", ...QUIET);
    await empty.run("destroy", ...QUIET);
    times.up.push((await onPipeline(session, "up", ...QUIET)).seconds);
    times.emptyUp.push((await empty.run("up", ...QUIET)).seconds);
  }
  const [up, emptyUp, noop, emptyNoop, warm] = [
    times.up,
    times.emptyUp,
    times.noop,
    times.emptyNoop,
    times.warm,
  ].map(median) as [number, number, number, number, number];
  console.log(`${components} components, ${custom} resources with an id, medians of ${ROUNDS} rounds`);
  console.log(`up, pipeline            ${seconds(up)}`);
  console.log(
    `up, empty resources     ${seconds(emptyUp)}   ratio ${(up / emptyUp).toFixed(2)}, budget 1.50`,
  );
  console.log(`no-op up, pipeline      ${seconds(noop)}`);
  console.log(`no-op up, empty         ${seconds(emptyNoop)}   ratio ${(noop / emptyNoop).toFixed(2)}`);
  console.log(
    `npm run up, no change   ${seconds(warm)}   ratio to the engine's no-op ${(warm / noop).toFixed(2)}`,
  );
} finally {
  await stack.remove();
}
