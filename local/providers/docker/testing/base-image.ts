import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { followed } from "../image-build.ts";

const PROGRAMS = {
  sh: "/bin/sh",
  sleep: "/bin/sleep",
  cat: "/bin/cat",
  stat: "/usr/bin/stat",
  id: "/usr/bin/id",
};

/** The shared libraries of a program, and its loader, by the paths under which it looks for them. */
function libraries(program: string): string[] {
  const listed = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

/**
 * Gives the daemon a small image to start from, made of this machine's own shell and a few programs: tests pull
 * nothing. `name` is `repository:tag`.
 */
export async function importBaseImage(docker: Docker, name: string): Promise<void> {
  const files = new Map(Object.entries(PROGRAMS).map(([program, path]) => [`/bin/${program}`, path]));
  for (const path of Object.values(PROGRAMS).flatMap(libraries)) {
    files.set(path, path);
  }
  const tar = pack();
  for (const [target, source] of files) {
    const mode = statSync(source).mode & 0o777;
    tar.entry({ name: target.slice(1), mode, mtime: new Date(0) }, readFileSync(source));
  }
  tar.entry({ name: "tmp", type: "directory", mode: 0o1777 });
  tar.finalize();
  const [repo = name, tag = "latest"] = name.split(":");
  const stream = await docker.importImage(Readable.from(tar) as never, { repo, tag });
  await followed(docker, stream);
}
