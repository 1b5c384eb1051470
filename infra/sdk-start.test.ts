import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** What a script prints as JSON that runs as a program does: after the SDK's runner, before anything of the SDK. */
function run(script: string, environment: NodeJS.ProcessEnv = {}): unknown {
  const prelude = [
    'import { createRequire } from "node:module";',
    "const require = createRequire(import.meta.url);",
    'require("source-map-support/register");',
    `const { prepareSdk } = await import(${JSON.stringify(join(import.meta.dirname, "sdk-start.js"))});`,
    "prepareSdk();",
    'const pulumi = (await import("@pulumi/pulumi")).default;',
    'const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable.js");',
  ].join("\n");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", `${prelude}\n${script}`],
    { cwd: join(import.meta.dirname, ".."), env: { ...process.env, ...environment }, encoding: "utf8" },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout);
}

describe("prepareSdk", () => {
  // It starts a program and reads a package tree: seconds where other work runs beside it.
  it("leaves packages that are rarely used for when they are used", { timeout: 60_000 }, () => {
    const found = run(`
      const loaded = (name) => Object.keys(require.cache).filter((path) => path.includes(name)).length;
      const before = [loaded("node_modules/typescript/"), loaded("node_modules/pacote/")];
      const { text } = await pulumi.runtime.serializeFunction(() => 40 + 2);
      const paths = await pulumi.runtime.computeCodePaths({ extraIncludePaths: ["package.json"] });
      console.log(JSON.stringify({ before, text, paths: [...paths.keys()].includes("package.json") }));
    `);
    // The stand-in is what is known of typescript before; arborist's own packages are not there at all.
    expect(found).toEqual({ before: [1, 0], text: expect.stringContaining("40 + 2"), paths: true });
  });

  it("keeps no stack that nobody reads, and any other as it is", () => {
    const script = `
      const promise = Promise.resolve(1);
      debuggablePromise(promise);
      const kept = [promise._debugStackTrace, pulumi.Resource.stackTrace(0)].map(({ length }) => length > 0);
      const ours = new Error("ours").stack.includes("[eval1]");
      console.log(JSON.stringify({ kept, ours }));
    `;
    expect(run(script)).toEqual({ kept: [false, false], ours: true });
    expect(run(script, { PULUMI_DEBUG_PROMISE_LEAKS: "1" })).toEqual({ kept: [true, true], ours: true });
  });
});
