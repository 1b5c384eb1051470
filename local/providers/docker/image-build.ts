import type { RemoteImageArgs } from "@pulumi/docker/remoteImage.js";
import type Docker from "dockerode";
import type { Inputs } from "../framework/resource.ts";
import { buildContext } from "./build-context.ts";

export type Build = NonNullable<Inputs<RemoteImageArgs>["build"]>;

/** One line of the daemon's answer to a build or a pull. */
export interface Progress {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly aux?: { readonly ID?: string };
}

/** How much of a failed build's output its error repeats. */
const LAST_LINES = 20;

/** The error for a failed build, with the step that failed and what it last wrote; undefined for success. */
export function buildFailure(name: string, output: readonly Progress[]): Error | undefined {
  const failure = output.find(({ error }) => error !== undefined);
  if (failure === undefined) {
    return undefined;
  }
  const lines = output
    .map(({ stream = "" }) => stream)
    .join("")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^(Removing intermediate container | ---> )/.test(line));
  const at = lines.findLastIndex((line) => /^Step \d+\/\d+ : /.test(line));
  const step = lines[at] ?? "before its first step";
  const last = lines.slice(at + 1).slice(-LAST_LINES);
  return new Error([`build of ${name} failed at ${step}`, ...last, failure.error].join("\n"));
}

/** The daemon's name for every build option that the provider serves. */
function buildOptions(name: string, build: Build): Docker.ImageBuildOptions {
  const options: { [Key in keyof Docker.ImageBuildOptions]: Docker.ImageBuildOptions[Key] } = {
    t: name,
    dockerfile: build.dockerfile ?? "Dockerfile",
    buildargs: { ...build.buildArgs },
    labels: { ...build.labels },
    rm: build.remove ?? true,
    // A failed step's container is of no use to anybody.
    forcerm: build.forceRemove ?? true,
    nocache: build.noCache ?? false,
    pull: build.pullParent ?? false,
  };
  if (build.target !== undefined) {
    options.target = build.target;
  }
  if (build.platform !== undefined) {
    options.platform = build.platform;
  }
  if (build.networkMode !== undefined) {
    options.networkmode = build.networkMode;
  }
  if (build.extraHosts !== undefined) {
    options.extrahosts = JSON.stringify(build.extraHosts);
  }
  return options;
}

/** Everything that the daemon writes, until it is done. */
export function followed(docker: Docker, stream: NodeJS.ReadableStream): Promise<readonly Progress[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, output: Progress[]) => {
      // A failure that the daemon reports in its answer is in the output as well, where it has its context.
      if (error !== null && !output?.some((line) => line.error !== undefined)) {
        reject(error);
      } else {
        resolve(output);
      }
    });
  });
}

/** Name and tag of an image's name; a port in the registry's address is no tag. */
export function splitTag(name: string): { repo: string; tag: string } {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/")
    ? { repo: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { repo: name, tag: "latest" };
}

/** Builds an image with the daemon's own builder: Debian's Docker has no BuildKit client. */
export async function buildImage(docker: Docker, name: string, build: Build): Promise<void> {
  const context = await buildContext(build.context, build.dockerfile ?? "Dockerfile");
  const output = await followed(docker, await docker.buildImage(context, buildOptions(name, build)));
  const failure = buildFailure(name, output);
  if (failure !== undefined) {
    throw failure;
  }
  for (const tag of build.tags ?? []) {
    await docker.getImage(name).tag(splitTag(tag));
  }
}
