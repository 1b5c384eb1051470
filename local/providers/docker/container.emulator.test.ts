import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../framework/values.ts";
import { found } from "./client.ts";
import { importBaseImage } from "./testing/base-image.ts";
import { BASE, RUN, type Stand, stand, TYPES } from "./testing/stand.ts";

let at: Stand;

beforeAll(async () => {
  at = await stand();
});
afterAll(async () => {
  await at.close();
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
    const exec = await at.docker
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
    await found(at.docker.getContainer(NAME).remove({ force: true }));
  });

  it("runs as given, with its files, and is read without a change", async () => {
    const state = await at.steps.create(TYPES.container, args());
    expect(await output(state.id, ["/bin/cat", "/run/secret"])).toBe("hunter2");
    expect(await output(state.id, ["/bin/stat", "-c", "%a %u %g", "/run/secret"])).toBe("400 1000 1000");
    const { Config, HostConfig } = await at.docker.getContainer(state.id).inspect();
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

    const read = await at.steps.refreshed(TYPES.container, state);
    expect(read.inputs).toEqual(state.inputs);
    expect((await at.provider.diff(TYPES.container, read, state.inputs)).changes).toEqual({});
    await at.provider.delete(TYPES.container, state);
    expect(await at.steps.gone(TYPES.container, state)).toBe(true);
    await at.provider.delete(TYPES.container, state);
  });

  it("is started again when somebody stopped it, and made again when somebody removed it", async () => {
    const state = await at.steps.create(TYPES.container, args());
    await at.docker.getContainer(state.id).stop({ t: 0 });
    const stopped = await at.steps.refreshed(TYPES.container, state);
    const { diff, inputs } = await at.steps.change(TYPES.container, stopped, args());
    expect(diff).toMatchObject({ changes: { mustRun: "UPDATE" }, replaces: [] });
    await at.provider.update(TYPES.container, stopped, inputs);
    expect((await at.docker.getContainer(state.id).inspect()).State.Running).toBe(true);
    expect((await at.steps.refreshed(TYPES.container, state)).inputs).toEqual(state.inputs);
    await at.docker.getContainer(state.id).remove({ force: true });
    expect(await at.steps.gone(TYPES.container, state)).toBe(true);
  });

  it("changes limits in place, and is replaced for what the daemon cannot change", async () => {
    const state = await at.steps.create(TYPES.container, args());
    const wanted = args({ memory: 256, cpuShares: 256, restart: "no" });
    const { diff, inputs } = await at.steps.change(TYPES.container, state, wanted);
    expect(diff).toEqual({
      changes: { memory: "UPDATE", cpuShares: "UPDATE", restart: "UPDATE" },
      replaces: [],
      deleteBeforeReplace: false,
    });
    const updated = await at.provider.update(TYPES.container, state, inputs);
    const { HostConfig } = await at.docker.getContainer(state.id).inspect();
    expect(HostConfig).toMatchObject({ Memory: 256 << 20, CpuShares: 256, RestartPolicy: { Name: "no" } });
    expect((await at.steps.refreshed(TYPES.container, updated)).inputs).toEqual(inputs);

    await at.docker.getContainer(state.id).update({ Memory: 128 << 20, MemorySwap: 256 << 20 });
    expect((await at.steps.refreshed(TYPES.container, updated)).inputs).toEqual({ ...inputs, memory: 128 });

    const replacing = await at.steps.change(TYPES.container, updated, { ...wanted, envs: ["MODE=other"] });
    expect(replacing.diff).toEqual({
      changes: { envs: "UPDATE_REPLACE" },
      replaces: ["envs"],
      deleteBeforeReplace: true,
    });
    await at.provider.delete(TYPES.container, updated);
  });

  it("lifts a memory limit that is no longer given", async () => {
    const state = await at.steps.create(TYPES.container, args());
    const { memory: _, ...unlimited } = args();
    const { inputs } = await at.steps.change(TYPES.container, state, unlimited);
    const updated = await at.provider.update(TYPES.container, state, inputs);
    expect((await at.steps.refreshed(TYPES.container, updated)).inputs).toEqual(inputs);
    await at.provider.delete(TYPES.container, updated);
  });

  it("sees that its image's name stands for another image now", async () => {
    const image = `${RUN}/moving:1`;
    await importBaseImage(at.docker, image);
    const { Id: original } = await at.docker.getImage(image).inspect();
    const state = await at.steps.create(TYPES.container, args({ image }));
    expect((await at.steps.refreshed(TYPES.container, state)).inputs).toEqual(state.inputs);
    await writeFile(join(at.folder, "Dockerfile"), `FROM ${BASE}\nENV MOVED=1\n`);
    const build = { context: at.folder };
    await at.steps.create(TYPES.image, { name: image, build });
    const { diff } = await at.steps.change(
      TYPES.container,
      await at.steps.refreshed(TYPES.container, state),
      args({ image }),
    );
    expect(diff.replaces).toEqual(["image"]);
    await at.provider.delete(TYPES.container, state);
    await at.docker.getImage(original).remove();
  });

  it("is given by an image's id, and read without a change", async () => {
    const { Id: image } = await at.docker.getImage(BASE).inspect();
    const state = await at.steps.create(TYPES.container, args({ image }));
    expect((await at.steps.refreshed(TYPES.container, state)).inputs).toEqual(state.inputs);
    await at.provider.delete(TYPES.container, state);
  });

  it("is on its networks only, and sees one that it lost or gained", async () => {
    const name = (key: string) => `${RUN}-${key}`;
    const [one, two, three] = await Promise.all(
      ["one", "two", "three"].map((key) => at.docker.createNetwork({ Name: name(key), Internal: true })),
    );
    const wanted = args({
      networkMode: "bridge",
      networksAdvanced: [{ name: name("one"), aliases: ["agent"] }, { name: two?.id }],
    });
    const state = await at.steps.create(TYPES.container, wanted);
    const { NetworkSettings } = await at.docker.getContainer(state.id).inspect();
    expect(Object.keys(NetworkSettings.Networks).sort()).toEqual([name("one"), name("two")].sort());
    expect((await at.steps.refreshed(TYPES.container, state)).inputs).toEqual(state.inputs);

    await at.docker.getNetwork(String(two?.id)).disconnect({ Container: state.id });
    await at.docker.getNetwork(String(three?.id)).connect({ Container: state.id });
    expect((await at.steps.refreshed(TYPES.container, state)).inputs.networksAdvanced).toEqual(
      expect.arrayContaining([{ name: name("one"), aliases: ["agent"] }, { name: name("three") }]),
    );
    await at.provider.delete(TYPES.container, state);
    for (const network of [one, two, three]) await network?.remove();
  });

  it("mounts volumes and the host's folders", async () => {
    const volume = `${RUN}-data`;
    await at.docker.createVolume({ Name: volume });
    await writeFile(join(at.folder, "note"), "from the host");
    const state = await at.steps.create(
      TYPES.container,
      args({
        volumes: [{ volumeName: volume, containerPath: "/data" }],
        mounts: [{ type: "bind", source: at.folder, target: "/host", readOnly: true }],
        user: "0",
      }),
    );
    expect(await output(state.id, ["/bin/cat", "/host/note"])).toBe("from the host");
    expect(await output(state.id, ["/bin/sh", "-c", "echo kept > /data/f && cat /data/f"])).toBe("kept");
    expect((await at.steps.refreshed(TYPES.container, state)).inputs).toEqual(state.inputs);
    await at.provider.delete(TYPES.container, state);
    await at.docker.getVolume(volume).remove();
  });

  it("takes up the very same container that an interrupted run left unstarted, and no other", async () => {
    const { inputs } = await at.provider.check(TYPES.container, args());
    const left = await at.provider.create(TYPES.container, inputs);
    await at.docker.getContainer(left.id).stop({ t: 0 });
    const taken = await at.steps.create(TYPES.container, args());
    expect(taken.id).toBe(left.id);
    expect((await at.docker.getContainer(left.id).inspect()).State.Running).toBe(true);
    const other = at.steps.create(TYPES.container, args({ envs: ["MODE=other"] }));
    await expect(other).rejects.toThrow(/exists already/);
    await at.provider.delete(TYPES.container, taken);
  });

  it("keeps the id of a container that cannot be started, so that the next run goes on with it", async () => {
    const failed = at.steps.create(TYPES.container, args({ entrypoints: ["/no/such/program"] }));
    await expect(failed).rejects.toThrow(/no such file/i);
    expect((await at.docker.getContainer(NAME).inspect()).State.Running).toBe(false);
  });
});
