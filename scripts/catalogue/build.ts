import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Architecture } from "../../contracts/architecture.ts";
import type { BoardConfig, PipelineConfig } from "../../infra/config.ts";
import { rootfsFile } from "../../infra/plan.ts";
import { runContainer } from "./container.ts";
import type { CatalogueOptions } from "./options.ts";
import { boardRepository, folderDigest, missing, morePins, sha256, startRepository } from "./repository.ts";
import { bmapSizes, Result, reasonIn } from "./result.ts";

export interface Workshop {
  readonly root: string;
  readonly options: CatalogueOptions;
  /** What the stack's root filesystems are made of. */
  readonly rootfs: PipelineConfig["rootfs"];
  /** The builder image's tag, and a digest of what it is made of. */
  readonly builder: { readonly image: string; readonly digest: string };
  readonly say: (line: string) => void;
}

/** Builds have no commit here: the same name and time each time. */
const IDENTITY = { HYPRIOTOS_VERSION: "0.0.0+catalogue", SOURCE_DATE_EPOCH: "1790000000" };
const INSTALLED = `dpkg-query --admindir=/build/test/var/lib/dpkg --show --showformat='\${Installed-Size}\\n'`;

interface Rootfs {
  readonly url: string;
  readonly sha256: string;
}

/** The root filesystem of an architecture, built once; what went wrong as a text. */
export async function buildRootfs(shop: Workshop, architecture: Architecture): Promise<Rootfs | string> {
  const { root, options, builder } = shop;
  const folder = join(options.output, `rootfs-${architecture}`);
  const managed = ["rootfs.json", rootfsFile(shop.rootfs, [architecture])] as const;
  const template = join(root, "repositories/rootfs");
  const inputs = sha256(builder.digest, folderDigest(template), managed[1], sources(shop, architecture));
  const kept = join(folder, "pin.json");
  if (existsSync(kept)) {
    const pin: { inputs: string; url: string; sha256: string } = JSON.parse(readFileSync(kept, "utf8"));
    if (pin.inputs === inputs && existsSync(join(options.output, "artifacts", pin.sha256)))
      return { url: pin.url, sha256: pin.sha256 };
  }
  shop.say(`rootfs ${architecture}: building`);
  startRepository(join(folder, "repository"), template, managed);
  const { code } = await inBuilder(shop, architecture, folder, "/opt/builder/builder build", "build.log");
  if (code !== 0)
    return `no root filesystem: ${reasonIn(readFileSync(join(folder, "build.log"), "utf8"), code)}`;
  const name = readdirSync(join(folder, "dist")).find((file) => file.endsWith(".tar.zst"));
  if (name === undefined) throw new Error(`rootfs ${architecture}: the builder left no .tar.zst`);
  const [digest = ""] = readFileSync(join(folder, "dist", `${name}.sha256`), "utf8").split(" ");
  copyFileSync(join(folder, "dist", name), join(options.output, "artifacts", digest));
  rmSync(join(folder, "dist", name));
  const pin = { url: `s3://catalogue/builds/os-rootfs/0/${name}`, sha256: digest };
  writeFileSync(kept, JSON.stringify({ inputs, ...pin }));
  return pin;
}

/** A board's image, built and tested; not again where the same was built before. */
export async function buildBoard(shop: Workshop, name: string, board: BoardConfig): Promise<Result> {
  const { root, options, builder } = shop;
  const pins = morePins(options.pins, name);
  const lacking = missing(board, pins, options.standIns);
  if (lacking !== undefined) return { outcome: "skipped", reason: lacking };
  const rootfs = await buildRootfs(shop, board.architecture);
  if (typeof rootfs === "string") return { outcome: "skipped", reason: rootfs };
  const folder = join(options.output, name);
  const standIns = [...boardRepository(root, join(folder, "repository"), { name, board, rootfs, pins })];
  const inputs = sha256(
    builder.digest,
    folderDigest(join(folder, "repository")),
    sources(shop, board.architecture),
  );
  const before = keptResult(folder);
  if (before?.outcome === "built" && before.inputs === inputs) return before;
  shop.say(`${name}: building`);
  const result = await buildAndTest(shop, board, { folder, inputs, standIns });
  writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, undefined, 2)}\n`);
  return result;
}

async function buildAndTest(
  shop: Workshop,
  { architecture }: BoardConfig,
  { folder, inputs, standIns }: { folder: string; inputs: string; standIns: string[] },
): Promise<Result> {
  const failed = (log: string, code: number): Result => ({
    outcome: "failed",
    inputs,
    reason: reasonIn(readFileSync(join(folder, log), "utf8"), code),
  });
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const built = await inBuilder(shop, architecture, folder, "/opt/builder/builder build", "build.log");
  if (built.code !== 0) return failed("build.log", built.code);
  const script = `/opt/builder/builder test && ${INSTALLED} >/dist/installed`;
  const tested = await inBuilder(shop, architecture, folder, script, "test.log");
  if (tested.code !== 0) return failed("test.log", tested.code);
  const dist = (ending: string) => {
    const file = readdirSync(join(folder, "dist")).find((other) => other.endsWith(ending));
    if (file === undefined) throw new Error(`${folder}: the builder left no ${ending}`);
    return join(folder, "dist", file);
  };
  const { summary }: { summary: { example_count: number } } = JSON.parse(
    readFileSync(dist(".test.json"), "utf8"),
  );
  const installed = readFileSync(dist("installed"), "utf8").trim().split("\n").map(Number);
  return {
    outcome: "built",
    inputs,
    seconds: built.seconds,
    examples: summary.example_count,
    sizes: {
      ...bmapSizes(readFileSync(dist(".bmap"), "utf8")),
      packages: installed.reduce((sum, size) => sum + size, 0) * 1024,
      compressed: statSync(dist(".img.zst")).size,
    },
    standIns,
    otherSources: shop.options.sources.has(architecture),
  };
}

function keptResult(folder: string): Result | undefined {
  const file = join(folder, "result.json");
  if (!existsSync(file)) return undefined;
  // One of another version of this script is none.
  return Result.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
}

function sources({ options }: Workshop, architecture: string): string {
  const file = options.sources.get(architecture);
  return file === undefined ? "" : readFileSync(file, "utf8");
}

function inBuilder(shop: Workshop, architecture: string, folder: string, script: string, log: string) {
  const { options, builder } = shop;
  const list = options.sources.get(architecture);
  for (const name of ["dist", "cache", "artifacts"])
    mkdirSync(name === "dist" ? join(folder, name) : join(options.output, name), { recursive: true });
  return runContainer({
    image: builder.image,
    script,
    volumes: [
      `${join(folder, "repository")}:/workspace:ro`,
      `${join(folder, "dist")}:/dist`,
      `${join(options.output, "cache")}:/cache`,
      `${join(options.output, "artifacts")}:/artifacts:ro`,
      ...(list === undefined ? [] : [`${list}:/sources.list:ro`]),
    ],
    env: { ...IDENTITY, ...(list === undefined ? {} : { HYPRIOTOS_APT_SOURCES: "/sources.list" }) },
    // What is on this machine's own loopback is reached from its network only.
    network: sources(shop, architecture).includes("://127.") ? "host" : "bridge",
    log: join(folder, log),
  });
}
