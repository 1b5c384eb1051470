// What the engine's language host starts. The program is infra/index.ts; as one module it is loaded a second sooner
// than as sixty that are translated one by one, and every preview waits for that.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle, REQUIRE } from "./bundle.js";
import { prepareSdk } from "./sdk-start.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = bundle(root, "infra/index.ts", ["components", "contracts", "infra"], {
  // The SDK is the engine's counterpart: a copy of it in the bundle would be another SDK. All else is in the bundle:
  // two hundred files are read sooner as one.
  external: ["@pulumi/pulumi", "esbuild"],
  mainFields: ["module", "main"],
  banner: REQUIRE,
  minifyWhitespace: true,
  // Errors name the sources where they lie, from the bundle's folder.
  sourcemap: "inline",
  sourceRoot: "../../",
  sourcesContent: false,
});

prepareSdk();
// Pulumi takes the stack's outputs from the default export.
export default { ...(await import(pathToFileURL(join(root, program)).href)) };
