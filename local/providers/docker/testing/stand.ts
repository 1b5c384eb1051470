import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sdk from "@pulumi/docker/package.json" with { type: "json" };
import type Docker from "dockerode";
import { connect as connectProvider, type TestClient } from "../../testing/client.ts";
import { connect, found } from "../client.ts";
import { dockerProvider } from "../provider.ts";
import { importBaseImage } from "./base-image.ts";
import { steps } from "./steps.ts";

export const TYPES = {
  image: "docker:index/remoteImage:RemoteImage",
  container: "docker:index/container:Container",
} as const;

/** Prefix of every name that a test gives. */
export const RUN = `hypriotos-test-${process.pid}`;
/** An image with a shell. */
export const BASE = `${RUN}/base:1`;

/** Everything that a test makes carries this name or label, so that only that is removed after it. */
async function clean(docker: Docker): Promise<void> {
  const label = [`run=${RUN}`];
  for (const { Id } of await docker.listContainers({ all: true, filters: { label } })) {
    await docker.getContainer(Id).remove({ force: true });
  }
  for (const { RepoTags } of await docker.listImages()) {
    for (const tag of (RepoTags ?? []).filter((name) => name.startsWith(`${RUN}/`))) {
      await docker.getImage(tag).remove({ force: true });
    }
  }
  for (const { Id, Name } of await docker.listNetworks()) {
    if (Name.startsWith(`${RUN}-`)) {
      await docker.getNetwork(Id).remove();
    }
  }
  for (const { Name } of (await docker.listVolumes()).Volumes) {
    if (Name.startsWith(`${RUN}-`)) {
      await docker.getVolume(Name).remove();
    }
  }
  // What failed builds and moved names left.
  const filters = { dangling: ["true"], label };
  for (const { Id } of await docker.listImages({ filters: JSON.stringify(filters) })) {
    await found(docker.getImage(Id).remove({ force: true }));
  }
}

export interface Stand {
  readonly docker: Docker;
  readonly provider: TestClient;
  readonly steps: ReturnType<typeof steps>;
  /** A build context of the test's own. */
  readonly folder: string;
  close(): Promise<void>;
}

/** A configured provider on this machine's daemon. */
export async function stand(): Promise<Stand> {
  const docker = connect({});
  const folder = await mkdtemp(join(tmpdir(), "docker-provider-"));
  await importBaseImage(docker, BASE);
  const provider = await connectProvider(dockerProvider(sdk.version), {});
  await provider.configure();
  return {
    docker,
    provider,
    steps: steps(provider),
    folder,
    async close() {
      provider.close();
      await clean(docker);
      await rm(folder, { recursive: true });
    },
  };
}
