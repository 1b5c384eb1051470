// What an engine plugin's executable starts, beside the plugin's bundle: CommonJS, because V8 takes compiled code for
// scripts only. It halves the start, and the engine starts its plugins one after the other.
const { readFileSync, writeFileSync } = require("node:fs");
const { wrap } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const file = join(__dirname, "program.cjs");
const compiled = join(__dirname, "program.compiled");

/** @returns {Buffer | undefined} */
function readCompiled() {
  try {
    return readFileSync(compiled);
  } catch {
    return undefined;
  }
}

// What another version of Node.js compiled, V8 sees and compiles anew.
const script = new Script(wrap(readFileSync(file, "utf8")), { filename: file, cachedData: readCompiled() });
const program = { exports: {} };
script.runInThisContext()(program.exports, require, program, file, __dirname);

// Asked for once, by who installs the plugin: what was compiled to serve is kept.
if (process.argv.includes("--compile")) {
  Promise.resolve(Reflect.get(program.exports, "ready")).then(() => {
    writeFileSync(compiled, script.createCachedData());
    process.exit(0);
  });
}
