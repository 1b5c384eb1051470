// Plain JavaScript: it makes the program that Node.js is to run, so it runs before any TypeScript can.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const FOLDER = join("dist", "bundles");
const KEY_LENGTH = 16;

/** A banner: a bundle's CommonJS dependencies ask for `require`, which an ES module lacks. */
export const REQUIRE = {
  js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
};

/** @type {import("esbuild").BuildOptions & { write: false }} */
const COMMON = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "error",
};

/**
 * Hash of what a bundle is made of: the sources, the packages by the lock file, and how it is made.
 *
 * @param {string} root
 * @param {readonly string[]} sources
 * @param {import("esbuild").BuildOptions} options
 */
function contentKey(root, sources, options) {
  const hash = createHash("sha256").update(JSON.stringify(options));
  hash.update(readFileSync(join(root, "package-lock.json")));
  for (const source of sources) {
    const files = readdirSync(join(root, source), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(ts|js)$/.test(name)).sort()) {
      hash.update(`\0${source}/${file}\0`).update(readFileSync(join(root, source, file)));
    }
  }
  return hash.digest("hex").slice(0, KEY_LENGTH);
}

/**
 * Makes one ES module of a program and what it imports. The same sources give the same text wherever the checkout
 * lies. What was made once is kept in `dist/bundles/` by the content that it was made of: every preview needs it.
 *
 * @param {string} root the project's folder
 * @param {string} entry the program, relative to the project's folder
 * @param {readonly string[]} sources the folders that it is made of; a change anywhere else cannot change it
 * @param {import("esbuild").BuildOptions} options beside those that all bundles have
 * @returns {string} the bundle, relative to the project's folder
 */
export function bundle(root, entry, sources, options) {
  const all = { ...COMMON, ...options };
  const name = entry.replaceAll(/[^\w]+/g, "-");
  const path = join(FOLDER, `${name}-${contentKey(root, sources, all)}.mjs`);
  const file = join(root, path);
  if (existsSync(file)) return path;
  const { outputFiles = [] } = buildSync({ ...all, absWorkingDir: root, entryPoints: [entry] });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${entry}: esbuild wrote no output`);
  mkdirSync(join(root, FOLDER), { recursive: true });
  // Another run at the same time sees the whole file or none.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, output.contents);
  renameSync(partial, file);
  return path;
}
