import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sdk from "@pulumi/docker/package.json" with { type: "json" };
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../framework/values.ts";
import { connect as connectProvider, type State, type TestClient } from "../testing/client.ts";
import { connect, found } from "./client.ts";
import { dockerProvider } from "./provider.ts";
import { importBaseImage } from "./testing/base-image.ts";

const docker = connect({});
const RUN = `hypriotos-test-${process.pid}`;
const BASE = `${RUN}/base:1`;
const IMAGE = `${RUN}/built:1`;
const [TYPE_IMAGE, TYPE_CONTAINER, TYPE_NETWORK, TYPE_VOLUME] = [
  "docker:index/remoteImage:RemoteImage",
  "docker:index/container:Container",
  "docker:index/network:Network",
  "docker:index/volume:Volume",
];

let provider: TestClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docker-provider-"));
  await importBaseImage(docker, BASE);
  provider = await connectProvider(dockerProvider(sdk.version), {});
  await provider.configure();
});

afterAll(async () => {
  provider.close();
  for (const { Id } of await docker.listContainers({ all: true, filters: { label: [`run=${RUN}`] } })) {
    await docker.getContainer(Id).remove({ force: true });
  }
  for (const { RepoTags } of await docker.listImages()) {
    for (const tag of (RepoTags ?? []).filter((name) => name.startsWith(`${RUN}/`))) {
      await docker.getImage(tag).remove({ force: true });
    }
  }
  // What failed builds and moved names left.
  const filters = { dangling: ["true"], label: [`run=${RUN}`] };
  for (const { Id } of await docker.listImages({ filters: JSON.stringify(filters) })) {
    await found(docker.getImage(Id).remove({ force: true }));
  }
  await rm(folder, { recursive: true });
});

/** As the engine does it: check first, then create with what check gave. */
async function create(type: string, given: PropertyMap): Promise<State> {
  const { inputs, failures } = await provider.check(type, given);
  expect(failures).toEqual([]);
  return await provider.create(type, inputs);
}

async function change(type: string, state: State, given: PropertyMap) {
  const { inputs } = await provider.check(type, given);
  return { inputs, diff: await provider.diff(type, state, inputs) };
}

/** What a refresh puts in the state's place. */
async function refreshed(type: string, state: State): Promise<State> {
  const read = await provider.read(type, state.id, state);
  if (read === undefined) {
    throw new Error(`${type} ${state.id} is gone`);
  }
  return read;
}

async function gone(type: string, state: State): Promise<boolean> {
  return (await provider.read(type, state.id, state)) === undefined;
}

describe("a daemon behind ssh", () => {
  it("is reached through the ssh command, also by a build's stream", async () => {
    // What ssh would run there, run here.
    await writeFile(join(folder, "ssh"), "#!/bin/sh\nexec docker system dial-stdio\n", { mode: 0o755 });
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      const remote = await connectProvider(dockerProvider(sdk.version), {
        host: "ssh://builder@runner.invalid",
      });
      await remote.configure();
      await writeFile(join(folder, "Dockerfile"), `FROM ${BASE}\nCOPY large /large\n`);
      await writeFile(join(folder, "large"), Buffer.alloc(4 << 20, "x"));
      const { inputs } = await remote.check(TYPE_IMAGE, {
        name: `${RUN}/remote:1`,
        build: { context: folder },
      });
      const state = await remote.create(TYPE_IMAGE, inputs);
      expect(state.outputs.imageId).toBe((await docker.getImage(`${RUN}/remote:1`).inspect()).Id);
      await remote.delete(TYPE_IMAGE, state);
      await writeFile(join(folder, "ssh"), '#!/bin/sh\necho "Host key verification failed." >&2; exit 255\n');
      await expect(remote.read(TYPE_IMAGE, state.id, state)).rejects.toThrow(
        /ssh to runner.invalid ended with 255: Host key verification failed/,
      );
      remote.close();
    } finally {
      process.env.PATH = path;
      await rm(join(folder, "large"));
    }
  });
});

describe("Network", () => {
  const args = {
    name: `${RUN}-net`,
    internal: true,
    labels: [
      { label: "run", value: RUN },
      { label: "a", value: "1" },
    ],
  };
  it("is made, read without a change, replaced for any change, and deleted twice", async () => {
    const state = await create(TYPE_NETWORK, args);
    expect(state.outputs).toMatchObject({ driver: "bridge", internal: true, scope: "local" });
    expect((await refreshed(TYPE_NETWORK, state)).inputs).toEqual(state.inputs);
    const { diff } = await change(TYPE_NETWORK, state, { ...args, internal: false });
    expect(diff).toEqual({
      changes: { internal: "UPDATE_REPLACE" },
      replaces: ["internal"],
      deleteBeforeReplace: true,
    });
    const imported = await provider.read(TYPE_NETWORK, args.name);
    expect(imported).toMatchObject({ id: state.id, inputs: { name: args.name, internal: true } });
    await provider.delete(TYPE_NETWORK, state);
    expect(await gone(TYPE_NETWORK, state)).toBe(true);
    await provider.delete(TYPE_NETWORK, state);
  });
  it("is seen without its labels when somebody made it anew by hand", async () => {
    const state = await create(TYPE_NETWORK, args);
    await docker.getNetwork(state.id).remove();
    await docker.createNetwork({ Name: args.name });
    expect(await gone(TYPE_NETWORK, state)).toBe(true);
    await expect(create(TYPE_NETWORK, args)).rejects.toThrow(/exists already.*differs in/);
    await docker.getNetwork(args.name).remove();
  });
});

describe("Volume", () => {
  const args = { name: `${RUN}-vol`, labels: [{ label: "run", value: RUN }] };
  it("is made, read without a change, and deleted twice", async () => {
    const state = await create(TYPE_VOLUME, args);
    expect(state).toMatchObject({ id: args.name, outputs: { driver: "local" } });
    expect((await refreshed(TYPE_VOLUME, state)).inputs).toEqual(state.inputs);
    await provider.delete(TYPE_VOLUME, state);
    expect(await gone(TYPE_VOLUME, state)).toBe(true);
    await provider.delete(TYPE_VOLUME, state);
  });
  it("takes up the very same volume that an interrupted run left behind, and no other", async () => {
    const left = await create(TYPE_VOLUME, args);
    expect((await create(TYPE_VOLUME, args)).id).toBe(left.id);
    const other = { ...args, labels: [{ label: "run", value: "other" }] };
    await expect(create(TYPE_VOLUME, other)).rejects.toThrow(/differs in labels/);
    await provider.delete(TYPE_VOLUME, left);
  });
});

describe("RemoteImage", () => {
  const args = (extra: PropertyMap = {}) => ({
    name: IMAGE,
    build: { context: folder, buildArgs: { WHO: "world" }, labels: { run: RUN } },
    triggers: { sources: "1" },
    ...extra,
  });
  const dockerfile = (text: string) => writeFile(join(folder, "Dockerfile"), text);

  it("is built, read without a change, rebuilt when a trigger changes, and deleted twice", async () => {
    await dockerfile(
      `FROM ${BASE}\nARG WHO\nCOPY hello /hello\nRUN cat /hello && echo "$WHO" > /who\nCMD ["/bin/sh"]\n`,
    );
    await writeFile(join(folder, "hello"), "one");
    const first = await create(TYPE_IMAGE, args());
    expect(first.id).toBe(`${first.outputs.imageId}${IMAGE}`);
    expect(first.outputs.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await refreshed(TYPE_IMAGE, first)).inputs).toEqual(first.inputs);

    await writeFile(join(folder, "hello"), "two");
    const next = await change(TYPE_IMAGE, first, args({ triggers: { sources: "2" } }));
    expect(next.diff).toMatchObject({ replaces: ["triggers"], deleteBeforeReplace: false });
    const second = await provider.create(TYPE_IMAGE, next.inputs);
    expect(second.outputs.imageId).not.toBe(first.outputs.imageId);
    // The old one goes after the new one has its name: only the old image goes.
    await provider.delete(TYPE_IMAGE, first);
    expect(await gone(TYPE_IMAGE, second)).toBe(false);
    await expect(docker.getImage(String(first.outputs.imageId)).inspect()).rejects.toThrow(/404/);

    await provider.delete(TYPE_IMAGE, second);
    expect(await gone(TYPE_IMAGE, second)).toBe(true);
    await provider.delete(TYPE_IMAGE, second);
  });

  it("is gone when somebody gave its name to another image", async () => {
    await dockerfile(`FROM ${BASE}\n`);
    const state = await create(TYPE_IMAGE, args());
    await dockerfile(`FROM ${BASE}\nENV CHANGED=1\n`);
    const other = await create(TYPE_IMAGE, args());
    expect(await gone(TYPE_IMAGE, state)).toBe(true);
    expect(await gone(TYPE_IMAGE, other)).toBe(false);
    await provider.delete(TYPE_IMAGE, state);
    await provider.delete(TYPE_IMAGE, other);
    expect(await gone(TYPE_IMAGE, other)).toBe(true);
  });

  it("stays when its replacement came out as the very same image", async () => {
    await dockerfile(`FROM ${BASE}\n`);
    const first = await create(TYPE_IMAGE, args());
    const second = await create(TYPE_IMAGE, args({ triggers: { sources: "2" } }));
    expect(second.id).toBe(first.id);
    await provider.delete(TYPE_IMAGE, first);
    expect(await gone(TYPE_IMAGE, second)).toBe(false);
    await provider.delete(TYPE_IMAGE, second);
    expect(await gone(TYPE_IMAGE, second)).toBe(true);
  });

  it("tells the step that failed and what it wrote", async () => {
    await dockerfile(`FROM ${BASE}\nRUN echo before; echo "no such thing"; exit 7\nRUN echo never\n`);
    const message = await create(TYPE_IMAGE, args()).then(() => "built", String);
    expect(message).toMatch(
      /failed at Step 2\/4 : RUN echo before.*\nbefore\nno such thing\n.*non-zero code: 7$/,
    );
    expect(message).not.toContain("never");
  });
});

describe("Container", () => {
  const NAME = `${RUN}-agent`;
  const args = (extra: PropertyMap = {}) => ({
    name: NAME,
    image: BASE,
    entrypoints: ["/bin/sh", "-c"],
    command: ["sleep 1000"],
    user: "1000:1000",
    envs: ["MODE=test", "TOKEN=not-to-be-shown"],
    labels: [{ label: "run", value: RUN }],
    networkMode: "none",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    tmpfs: { "/scratch": "size=1m" },
    memory: 64,
    cpuShares: 512,
    restart: "unless-stopped",
    logDriver: "json-file",
    logOpts: { "max-size": "1m" },
    healthcheck: { tests: ["CMD", "/bin/cat", "/run/secret"], interval: "1m30s", retries: 2 },
    stopTimeout: 3,
    init: false,
    uploads: [{ file: "/run/secret", content: "hunter2", permissions: "0400", owner: "1000", group: "1000" }],
    ...extra,
  });
  const output = async (id: string, command: string[]) => {
    const exec = await docker
      .getContainer(id)
      .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let text = "";
    for await (const chunk of stream) {
      text += String(chunk);
    }
    return text.trim();
  };

  afterEach(async () => {
    await found(docker.getContainer(NAME).remove({ force: true }));
  });

  it("runs as given, with its files, and is read without a change", async () => {
    const state = await create(TYPE_CONTAINER, args());
    expect(await output(state.id, ["/bin/cat", "/run/secret"])).toBe("hunter2");
    expect(await output(state.id, ["/bin/stat", "-c", "%a %u %g", "/run/secret"])).toBe("400 1000 1000");
    const { Config, HostConfig } = await docker.getContainer(state.id).inspect();
    expect(HostConfig).toMatchObject({
      Memory: 64 << 20,
      CapDrop: ["ALL"],
      Init: false,
      NetworkMode: "none",
    });
    expect(Config.Healthcheck).toEqual({
      Test: ["CMD", "/bin/cat", "/run/secret"],
      Interval: 90e9,
      Retries: 2,
    });

    const read = await refreshed(TYPE_CONTAINER, state);
    expect(read.inputs).toEqual(state.inputs);
    expect((await provider.diff(TYPE_CONTAINER, read, state.inputs)).changes).toEqual({});
    await provider.delete(TYPE_CONTAINER, state);
    expect(await gone(TYPE_CONTAINER, state)).toBe(true);
    await provider.delete(TYPE_CONTAINER, state);
  });

  it("is started again when somebody stopped it, and made again when somebody removed it", async () => {
    const state = await create(TYPE_CONTAINER, args());
    await docker.getContainer(state.id).stop({ t: 0 });
    const stopped = await refreshed(TYPE_CONTAINER, state);
    const { diff, inputs } = await change(TYPE_CONTAINER, stopped, args());
    expect(diff).toMatchObject({ changes: { mustRun: "UPDATE" }, replaces: [] });
    await provider.update(TYPE_CONTAINER, stopped, inputs);
    expect((await docker.getContainer(state.id).inspect()).State.Running).toBe(true);
    expect((await refreshed(TYPE_CONTAINER, state)).inputs).toEqual(state.inputs);
    await docker.getContainer(state.id).remove({ force: true });
    expect(await gone(TYPE_CONTAINER, state)).toBe(true);
  });

  it("changes limits in place, and is replaced for what the daemon cannot change", async () => {
    const state = await create(TYPE_CONTAINER, args());
    const wanted = args({ memory: 256, cpuShares: 256, restart: "no" });
    const { diff, inputs } = await change(TYPE_CONTAINER, state, wanted);
    expect(diff).toEqual({
      changes: { memory: "UPDATE", cpuShares: "UPDATE", restart: "UPDATE" },
      replaces: [],
      deleteBeforeReplace: false,
    });
    const updated = await provider.update(TYPE_CONTAINER, state, inputs);
    const { HostConfig } = await docker.getContainer(state.id).inspect();
    expect(HostConfig).toMatchObject({ Memory: 256 << 20, CpuShares: 256, RestartPolicy: { Name: "no" } });
    expect((await refreshed(TYPE_CONTAINER, updated)).inputs).toEqual(inputs);

    await docker.getContainer(state.id).update({ Memory: 128 << 20, MemorySwap: 256 << 20 });
    expect((await refreshed(TYPE_CONTAINER, updated)).inputs).toEqual({ ...inputs, memory: 128 });

    const replacing = await change(TYPE_CONTAINER, updated, { ...wanted, envs: ["MODE=other"] });
    expect(replacing.diff).toEqual({
      changes: { envs: "UPDATE_REPLACE" },
      replaces: ["envs"],
      deleteBeforeReplace: true,
    });
    await provider.delete(TYPE_CONTAINER, updated);
  });

  it("lifts a memory limit that is no longer given", async () => {
    const state = await create(TYPE_CONTAINER, args());
    const { memory: _, ...unlimited } = args();
    const { inputs } = await change(TYPE_CONTAINER, state, unlimited);
    const updated = await provider.update(TYPE_CONTAINER, state, inputs);
    expect((await refreshed(TYPE_CONTAINER, updated)).inputs).toEqual(inputs);
    await provider.delete(TYPE_CONTAINER, updated);
  });

  it("sees that its image's name stands for another image now", async () => {
    const image = `${RUN}/moving:1`;
    await importBaseImage(docker, image);
    const { Id: original } = await docker.getImage(image).inspect();
    const state = await create(TYPE_CONTAINER, args({ image }));
    expect((await refreshed(TYPE_CONTAINER, state)).inputs).toEqual(state.inputs);
    await writeFile(join(folder, "Dockerfile"), `FROM ${BASE}\nENV MOVED=1\n`);
    const build = { context: folder };
    await create(TYPE_IMAGE, { name: image, build });
    const { diff } = await change(TYPE_CONTAINER, await refreshed(TYPE_CONTAINER, state), args({ image }));
    expect(diff.replaces).toEqual(["image"]);
    await provider.delete(TYPE_CONTAINER, state);
    await docker.getImage(original).remove();
  });

  it("is given by an image's id, and read without a change", async () => {
    const { Id: image } = await docker.getImage(BASE).inspect();
    const state = await create(TYPE_CONTAINER, args({ image }));
    expect((await refreshed(TYPE_CONTAINER, state)).inputs).toEqual(state.inputs);
    await provider.delete(TYPE_CONTAINER, state);
  });

  it("is on its networks only, and sees one that it lost or gained", async () => {
    const [one, two, three] = await Promise.all(
      ["one", "two", "three"].map((name) => create(TYPE_NETWORK, { name: `${RUN}-${name}`, internal: true })),
    );
    const name = (network: State | undefined) => String(network?.inputs.name);
    const wanted = args({
      networkMode: "bridge",
      networksAdvanced: [{ name: name(one), aliases: ["agent"] }, { name: two?.id }],
    });
    const state = await create(TYPE_CONTAINER, wanted);
    const { NetworkSettings } = await docker.getContainer(state.id).inspect();
    expect(Object.keys(NetworkSettings.Networks).sort()).toEqual([name(one), name(two)].sort());
    expect((await refreshed(TYPE_CONTAINER, state)).inputs).toEqual(state.inputs);

    await docker.getNetwork(String(two?.id)).disconnect({ Container: state.id });
    await docker.getNetwork(String(three?.id)).connect({ Container: state.id });
    expect((await refreshed(TYPE_CONTAINER, state)).inputs.networksAdvanced).toEqual(
      expect.arrayContaining([{ name: name(one), aliases: ["agent"] }, { name: name(three) }]),
    );
    await provider.delete(TYPE_CONTAINER, state);
    for (const network of [one, two, three]) {
      await provider.delete(TYPE_NETWORK, network as State);
    }
  });

  it("mounts volumes and the host's folders", async () => {
    const volume = await create(TYPE_VOLUME, { name: `${RUN}-data` });
    await writeFile(join(folder, "note"), "from the host");
    const state = await create(
      TYPE_CONTAINER,
      args({
        volumes: [{ volumeName: volume.id, containerPath: "/data" }],
        mounts: [{ type: "bind", source: folder, target: "/host", readOnly: true }],
        user: "0",
      }),
    );
    expect(await output(state.id, ["/bin/cat", "/host/note"])).toBe("from the host");
    expect(await output(state.id, ["/bin/sh", "-c", "echo kept > /data/f && cat /data/f"])).toBe("kept");
    expect((await refreshed(TYPE_CONTAINER, state)).inputs).toEqual(state.inputs);
    await provider.delete(TYPE_CONTAINER, state);
    await provider.delete(TYPE_VOLUME, volume);
  });

  it("takes up the very same container that an interrupted run left unstarted, and no other", async () => {
    const { inputs } = await provider.check(TYPE_CONTAINER, args());
    const left = await provider.create(TYPE_CONTAINER, inputs);
    await docker.getContainer(left.id).stop({ t: 0 });
    const taken = await create(TYPE_CONTAINER, args());
    expect(taken.id).toBe(left.id);
    expect((await docker.getContainer(left.id).inspect()).State.Running).toBe(true);
    const other = create(TYPE_CONTAINER, args({ envs: ["MODE=other"] }));
    await expect(other).rejects.toThrow(/exists already/);
    await provider.delete(TYPE_CONTAINER, taken);
  });

  it("keeps the id of a container that cannot be started, so that the next run goes on with it", async () => {
    const failed = create(TYPE_CONTAINER, args({ entrypoints: ["/no/such/program"] }));
    await expect(failed).rejects.toThrow(/no such file/i);
    expect((await docker.getContainer(NAME).inspect()).State.Running).toBe(false);
  });
});
