import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { folderFingerprint } from "../components/plan/fingerprint.ts";

/** What bundles are made of: a change anywhere else cannot change one. */
const SOURCES = ["contracts", "functions", "runner"];

const BUNDLES = join("dist", "bundles");

/** A bundle's CommonJS dependencies ask for `require`, which an ES module lacks. */
const REQUIRE_BANNER =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const OPTIONS = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  // ES modules where a package has them: only what is used comes along.
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  logLevel: "error",
  banner: { js: REQUIRE_BANNER },
} as const;

/**
 * Makes ES modules of programs and all that they import. The same sources give the same text wherever the
 * checkout lies, so that an unchanged function is no change in a preview. What was made once is kept in
 * `dist/bundles/` by the content that it was made of, since every preview needs it.
 */
export class Bundler {
  readonly #root: string;
  readonly #key: string;

  /** `root` is the project's folder. */
  constructor(root: string) {
    this.#root = root;
    const hash = createHash("sha256").update(JSON.stringify(OPTIONS));
    for (const source of SOURCES) hash.update(folderFingerprint(join(root, source)));
    hash.update(readFileSync(join(root, "package-lock.json")));
    this.#key = hash.digest("hex").slice(0, 16);
  }

  /** Makes the bundle of a program; `entry` and the file that is its bundle are relative to the project's folder. */
  bundle(entry: string): string {
    const path = join(BUNDLES, `${entry.replaceAll(/[^\w]+/g, "-")}-${this.#key}.mjs`);
    const file = join(this.#root, path);
    if (existsSync(file)) return path;
    const [output] = buildSync({
      ...OPTIONS,
      mainFields: [...OPTIONS.mainFields],
      absWorkingDir: this.#root,
      entryPoints: [entry],
    }).outputFiles;
    if (output === undefined) throw new Error(`${entry}: esbuild wrote no output`);
    mkdirSync(join(this.#root, BUNDLES), { recursive: true });
    // Another run at the same time sees the whole file or none.
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, output.text);
    renameSync(partial, file);
    return path;
  }
}
