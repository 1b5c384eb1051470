// What the official language host starts; CommonJS, because it is read with `require`. On this machine's own stack
// the engine is given the same bundle with what V8 compiled of it (local/engine/home.ts).
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const root = join(__dirname, "..");

module.exports = (async () => {
  const { bundle, REQUIRE } = await import("../infra/bundle.js");
  const program = bundle(root, "policies/pack.ts", ["policies", "contracts"], {
    external: ["@pulumi/pulumi", "@pulumi/policy"],
    banner: REQUIRE,
  });
  await import(pathToFileURL(join(root, program)).href);
})();
