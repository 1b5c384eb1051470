/**
 * A Raspberry Pi image (arm64) from nothing, and again with the root filesystem cached after a package was added,
 * against the straightforward way on the same package set: everything emulated, then xz. In turn, in one run, in the
 * same container image. Budgets: from nothing 5 minutes, the rebuild 60 s, on two quiet processors. It takes half an
 * hour; BENCH_PLAIN=no leaves the straightforward way out.
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { BoardDocument } from "../contracts/board.ts";
import { CAPABILITIES } from "../runner/container.ts";
import { run } from "../tests/support/run.ts";

const ROOT = join(import.meta.dirname, "..");
const IMAGE = "hypriotos/builder:bench";
const ADDED_PACKAGE = "htop";
/** What a build gets in the pipeline. */
const RIGHTS = [
  ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ...CAPABILITIES.flatMap((name) => ["--cap-add", name]),
];
/** Maintainer scripts that run in a plain chroot need its mounts. Less than --privileged, which not every host grants. */
const MAY_MOUNT = [
  "--cap-add",
  "SYS_ADMIN",
  ...["seccomp", "apparmor"].flatMap((of) => ["--security-opt", `${of}=unconfined`]),
];
const BUDGETS = { nothing: 300, rebuild: 60 };

interface Timed {
  readonly seconds: number;
  /** Seconds of processor time, of all processes. */
  readonly cpu: number;
  /** Load average of the machine's last minute when it began. */
  readonly load: number;
}

/** Runs a command in the builder image, shows what it prints, and takes the time. */
function timed(
  options: readonly string[],
  command: readonly string[],
  rights: readonly string[] = RIGHTS,
): Promise<Timed> {
  const [load = 0] = loadavg();
  const script = `TIMEFORMAT='cpu %U %S'; time "$@"`;
  const args = ["run", "--rm", ...rights];
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const child = spawn(
      "docker",
      [...args, ...options, "--entrypoint", "bash", IMAGE, "-c", script, "-", ...command],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(output) ?? [];
      if (code !== 0) return reject(new Error(`${command.join(" ")} exited with ${code}`));
      resolve({ seconds: (performance.now() - since) / 1000, cpu: Number(user) + Number(system), load });
    });
  });
}

async function commit(folder: string, message: string): Promise<void> {
  const git = (...args: string[]) => run("git", ["-C", folder, ...args], { cwd: ROOT });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "-m", message);
}

const work = mkdtempSync(join(tmpdir(), "hypriotos-bench-image-"));
const rootfs = join(work, "rootfs");
const image = join(work, "image");
const cache = join(work, "cache");

async function build(folder: string): Promise<Timed> {
  mkdirSync(join(folder, "dist"), { recursive: true });
  const mounts = [`${folder}:/workspace:ro`, `${join(folder, "dist")}:/dist`, `${cache}:/cache`];
  return timed(
    mounts.flatMap((mount) => ["--volume", mount]),
    ["/opt/builder/builder", "build"],
  );
}

function makeRepositories(): void {
  cpSync(join(ROOT, "repositories/rootfs"), rootfs, { recursive: true });
  const document = { version: 1, release: "trixie", architectures: ["arm64"] };
  writeFileSync(join(rootfs, "rootfs.json"), JSON.stringify(document));
  cpSync(join(ROOT, "repositories/image"), image, { recursive: true });
  const stack = parse(readFileSync(join(ROOT, "stacks/Pulumi.local.yaml"), "utf8"));
  const { repository: _, ...board } = stack.config["hypriotos:boards"]["raspberry-pi"];
  const boardDocument = BoardDocument.parse({ version: 1, name: "raspberry-pi", ...board });
  writeFileSync(join(image, "board.json"), JSON.stringify(boardDocument));
}

/** What the pipeline does with a finished root filesystem: pinned by its digest, at hand for the image's build. */
function pinRootfs(): void {
  const name = readdirSync(join(rootfs, "dist")).find((file) => file.endsWith(".tar.zst"));
  if (name === undefined) throw new Error("the rootfs build left no root filesystem");
  const content = readFileSync(join(rootfs, "dist", name));
  const sha256 = createHash("sha256").update(content).digest("hex");
  mkdirSync(join(cache, "artifacts"), { recursive: true });
  writeFileSync(join(cache, "artifacts", sha256), content);
  const url = `s3://hypriot-bench-artifacts/builds/os-rootfs/0/${name}`;
  writeFileSync(
    join(image, "versions.json"),
    JSON.stringify({ version: 1, rootfs: { arm64: { url, sha256 } } }),
  );
}

/** Names of every package in the image that was built last. */
function packages(): string[] {
  const lists = readdirSync(join(image, "dist")).filter((file) => file.endsWith(".packages"));
  const newest = lists
    .map((file) => readFileSync(join(image, "dist", file), "utf8"))
    .find((text) => text.includes(`\n${ADDED_PACKAGE}\t`));
  if (newest === undefined) throw new Error(`no package list has ${ADDED_PACKAGE}`);
  return newest
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

const shown = (name: string, { seconds, cpu, load }: Timed, budget?: number) =>
  `${name.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s   processor ${cpu.toFixed(1).padStart(7)} s   load before ${load.toFixed(1)}${
    budget === undefined ? "" : `   budget ${budget} s`
  }`;

try {
  await run("docker", ["build", "--tag", IMAGE, "--build-arg", "BASE=hypriotos/base:trixie", "builder"], {
    cwd: ROOT,
  });
  makeRepositories();
  await commit(rootfs, "bench");
  console.log("##### from nothing: root filesystem");
  const first = await build(rootfs);
  pinRootfs();
  await commit(image, "bench");
  console.log("##### from nothing: image");
  const second = await build(image);
  const nothing = { seconds: first.seconds + second.seconds, cpu: first.cpu + second.cpu, load: first.load };
  appendFileSync(join(image, "packages.txt"), `${ADDED_PACKAGE}\n`);
  await commit(image, "another package");
  console.log(`##### rebuild with ${ADDED_PACKAGE}, root filesystem cached`);
  const rebuild = await build(image);
  const lines = [
    shown("root filesystem, empty cache", first),
    shown("image, root filesystem at hand", second),
    shown("from nothing, both", nothing, BUDGETS.nothing),
    shown("rebuild after packages.txt changed", rebuild, BUDGETS.rebuild),
  ];
  console.log(`\n${cpus().length} processors\n${lines.join("\n")}`);
  if (process.env.BENCH_PLAIN !== "no") {
    console.log("##### the straightforward way, the same packages");
    const { partitions } = BoardDocument.parse(JSON.parse(readFileSync(join(image, "board.json"), "utf8")));
    const sizes = [String(partitions.boot.sizeMiB), String(partitions.root.sizeMiB)];
    const script = ["--volume", `${join(ROOT, "bench/plain-image.sh")}:/plain-image.sh:ro`];
    const command = ["/plain-image.sh", "arm64", packages().join(","), ...sizes];
    const plain = await timed(script, command, MAY_MOUNT);
    console.log(shown("the straightforward way", plain));
    console.log(
      `${(plain.seconds / nothing.seconds).toFixed(1)} times from nothing, ${(plain.seconds / rebuild.seconds).toFixed(1)} times the rebuild; in processor time ${(plain.cpu / nothing.cpu).toFixed(1)} and ${(plain.cpu / rebuild.cpu).toFixed(1)}`,
    );
  }
} finally {
  // What the container made belongs to whoever owns the folder.
  rmSync(work, { recursive: true, force: true });
}
