import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { installPackages } from "./debian.js";
import { commandPath, reason, run, SetupError } from "./process.js";
import { atLeast } from "./version.js";

/** The oldest engine that serves the SDK in package.json. */
const leastVersion = "3.248.0";
/** How long a failed download is not tried again, while another way is open. */
const retryDownloadAfter = 24 * 3600 * 1000;

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{ file: string, origin: "PATH" | "official build" | "built from source" }} Engine */

/** @param {Context} context */
const moduleFolder = (context) => join(context.root, "local/engine/cli");

/** The version that go.mod pins, without the `v`. @param {Context} context */
export function engineVersion(context) {
  const found = /pulumi\/pkg\/v3 v(\S+)/.exec(
    readFileSync(join(moduleFolder(context), "go.mod"), "utf8"),
  )?.[1];
  if (found === undefined) throw new SetupError("local/engine/cli/go.mod does not name pulumi/pkg/v3.");
  return found;
}

/** @param {Context} context */
const officialHome = (context) => join(context.cache, "pulumi-official");
/** @param {Context} context */
const officialFile = (context) =>
  join(officialHome(context), "versions", engineVersion(context), "bin/pulumi");
/** @param {Context} context */
const officialFailure = (context) => join(context.cache, `pulumi-official-${engineVersion(context)}-failed`);
/** @param {Context} context */
const builtFile = (context) =>
  join(context.cache, `pulumi-v${engineVersion(context)}-${process.platform}-${arch()}`, "pulumi");

/**
 * The Pulumi CLI that the project runs: what PATH has when it is new enough, else what set-up brought.
 *
 * @param {Context} context
 * @returns {Promise<Engine | undefined>}
 */
export async function findEngine(context) {
  const installed = commandPath("pulumi");
  if (installed !== undefined && atLeast(await installedVersion(context, installed), leastVersion)) {
    return { file: installed, origin: "PATH" };
  }
  if (existsSync(officialFile(context))) return { file: officialFile(context), origin: "official build" };
  if (existsSync(builtFile(context))) return { file: builtFile(context), origin: "built from source" };
  return undefined;
}

/**
 * Asking a CLI for its version takes a good part of a warm start, so the answer is kept for as long as the file is
 * the same.
 *
 * @param {Context} context
 * @param {string} file
 */
async function installedVersion(context, file) {
  const { mtimeMs, size } = statSync(file);
  const key = `${file} ${mtimeMs} ${size}`;
  const note = join(context.cache, "pulumi-on-path");
  if (existsSync(note)) {
    const [kept, version] = readFileSync(note, "utf8").split("\n");
    if (kept === key && version !== undefined) return version;
  }
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const version = (await run(file, ["version"], { timeoutSeconds: 30, env })).stdout.trim();
  mkdirSync(context.cache, { recursive: true });
  writeFileSync(note, `${key}\n${version}`);
  return version;
}

/** @type {import("./context.js").Step} */
export const engine = {
  id: "engine",
  title: "Pulumi CLI",
  async missing(context) {
    if ((await findEngine(context)) !== undefined) return undefined;
    return `none of version ${leastVersion} or newer on PATH, bringing ${engineVersion(context)} into ${context.cache}`;
  },
  async make(context, progress) {
    const goHindrance = await goReason();
    const mark = officialFailure(context);
    const failedLately = existsSync(mark) && Date.now() - statSync(mark).mtimeMs < retryDownloadAfter;
    if (!failedLately || goHindrance !== undefined) {
      const failure = await download(context, progress);
      if (failure === undefined) return;
      writeFileSync(mark, failure);
      progress(`the official build cannot be had: ${failure}`);
    }
    await build(context, progress);
  },
};

/**
 * npm's package `pulumi` downloads the official build, which brings the official language host as well.
 *
 * @param {Context} context
 * @param {(text: string) => void} progress
 * @returns {Promise<string | undefined>} why it failed
 */
async function download(context, progress) {
  const launcher = join(context.root, "node_modules/pulumi/run.js");
  if (!existsSync(launcher))
    return "the npm package pulumi is not installed (scripts/setup --only npm,engine)";
  const version = engineVersion(context);
  progress(`downloading the official build, about 130 MB`);
  const timer = setInterval(() => progress("downloading"), 10_000);
  const home = officialHome(context);
  const env = {
    ...process.env,
    PULUMI_HOME: home,
    PULUMI_VERSION: version,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const result = await run(process.execPath, [launcher, "version"], { env, timeoutSeconds: 600 });
  clearInterval(timer);
  if (result.code === 0) return undefined;
  // What was unpacked half must not be taken for the engine next time.
  rmSync(join(home, "versions", version), { recursive: true, force: true });
  return reason(result, 1);
}

/**
 * Why the Go here cannot build the engine, or nothing when it can.
 *
 * @returns {Promise<string | undefined>}
 */
async function goReason() {
  if (commandPath("go") === undefined) return "Go is missing";
  const version = (await run("go", ["env", "GOVERSION"])).stdout.trim();
  // Since 1.21 Go brings the newer version of itself that a module asks for.
  return atLeast(version, "1.21") ? undefined : `Go ${version || "of unknown version"} is too old`;
}

/**
 * @param {Context} context
 * @param {(text: string) => void} progress
 */
async function build(context, progress) {
  if (commandPath("go") === undefined && context.isRoot && commandPath("apt-get") !== undefined) {
    await installPackages(["golang-go"], progress);
  }
  const hindrance = await goReason();
  if (hindrance !== undefined) {
    throw new SetupError(
      `the Pulumi CLI can neither be downloaded nor built here: ${hindrance}: install Go 1.21 or newer, or put pulumi ${leastVersion} or newer on PATH, then run this again.`,
    );
  }
  const version = engineVersion(context);
  const target = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  const local = (await run("go", ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } }))
    .stdout;
  const wanted = /^go (\S+)/m.exec(readFileSync(join(moduleFolder(context), "go.mod"), "utf8"))?.[1] ?? "";
  // No C compiler is needed without cgo; the official build has none either.
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" };
  const options = {
    cwd: moduleFolder(context),
    env: atLeast(local, wanted) ? env : { ...env, GOTOOLCHAIN: "auto" },
  };

  progress("building it from its Go module: modules and compiler cache take about 3 GB, the result 150 MB");
  const count = await fetchModules(options, target, progress);
  let compiled = 0;
  const compiling = setInterval(() => progress(`compiled ${compiled} of at most ${count} packages`), 10_000);
  const file = builtFile(context);
  mkdirSync(join(file, ".."), { recursive: true });
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const result = await run(
    "go",
    ["build", "-mod=readonly", "-trimpath", "-v", `-ldflags=${flags}`, "-o", `${file}.part`, target],
    {
      ...options,
      onLine: (line) => {
        if (!line.startsWith("go: ")) compiled += 1;
      },
    },
  );
  clearInterval(compiling);
  if (result.code !== 0) throw new SetupError(`go build failed: ${reason(result)}`);
  renameSync(`${file}.part`, file);
}

/**
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @param {string} target
 * @param {(text: string) => void} progress
 * @returns {Promise<number>} how many Go packages the target is made of
 */
async function fetchModules(options, target, progress) {
  let modules = 0;
  const timer = setInterval(() => progress(`downloaded ${modules} Go modules`), 10_000);
  const list = await run("go", ["list", "-mod=readonly", "-deps", target], {
    ...options,
    onLine: (line) => {
      if (line.startsWith("go: downloading ")) modules += 1;
    },
  });
  clearInterval(timer);
  if (list.code !== 0) throw new SetupError(`the engine's Go modules cannot be had: ${reason(list)}`);
  return list.stdout.trim().split("\n").length;
}
