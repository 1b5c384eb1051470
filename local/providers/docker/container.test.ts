import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { type ContainerInputs, containerOptions, matches } from "./container-options.ts";
import { checkContainer } from "./container-properties.ts";
import { containerInputs } from "./container-read.ts";
import { modeOf } from "./container-upload.ts";

const inputs: ContainerInputs = {
  name: "agent",
  image: "base:1",
  envs: ["A=1"],
  networkMode: "bridge",
  memory: 64,
  restart: "no",
  mustRun: true,
  start: true,
};

describe("containerOptions", () => {
  it("counts memory in bytes and CPUs in billionths", () => {
    const { HostConfig } = containerOptions({ ...inputs, cpus: "1.5", memorySwap: -1 });
    expect(HostConfig).toMatchObject({ Memory: 67108864, NanoCpus: 1.5e9, MemorySwap: -1 });
  });
  it("leaves to the image what is not given", () => {
    const options = containerOptions(inputs);
    expect(Object.keys(options).sort()).toEqual(["Env", "HostConfig", "Image", "name"]);
  });
  it("puts a container on its first network, and not on the default bridge", () => {
    const options = containerOptions({
      ...inputs,
      networksAdvanced: [{ name: "one", aliases: ["a"] }, { name: "two" }],
    });
    expect(options.HostConfig?.NetworkMode).toBe("one");
    expect(options.NetworkingConfig).toEqual({ EndpointsConfig: { one: { Aliases: ["a"] } } });
  });
  it("binds a host's path before a volume's name", () => {
    const volumes = [
      { containerPath: "/a", hostPath: "/host", volumeName: "data" },
      { containerPath: "/b", volumeName: "data", readOnly: true },
    ];
    expect(containerOptions({ ...inputs, volumes }).HostConfig?.Binds).toEqual(["/host:/a:rw", "data:/b:ro"]);
  });
});

function inspected(
  change: { readonly host?: object; readonly state?: object; readonly networks?: object } = {},
) {
  return {
    Id: "c0ffee",
    Name: "/agent",
    Image: "sha256:image",
    State: { Running: true, ExitCode: 0, ...change.state },
    Config: { Image: "base:1", Env: ["PATH=/bin", "A=1"], Hostname: "c0ffee" },
    HostConfig: {
      NetworkMode: "bridge",
      RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
      Memory: 64 << 20,
      MemorySwap: 128 << 20,
      CpuShares: 0,
      CpusetCpus: "",
      NanoCpus: 0,
      ReadonlyRootfs: false,
      AutoRemove: false,
      Init: false,
      ...change.host,
    },
    NetworkSettings: { Networks: change.networks ?? { bridge: { NetworkID: "b" } } },
  } as unknown as Docker.ContainerInspectInfo;
}

describe("containerInputs", () => {
  it("gives back what was given", () => {
    expect(containerInputs(inspected(), inputs, "sha256:image")).toEqual(inputs);
  });
  it("shows a stopped container as one that need not run", () => {
    const stopped = inspected({ state: { Running: false } });
    expect(containerInputs(stopped, inputs, undefined).mustRun).toBe(false);
    expect(containerInputs(stopped, { ...inputs, start: false }, undefined).mustRun).toBe(true);
  });
  it("shows limits that somebody changed, took away or set", () => {
    const host = { Memory: 32 << 20, CpuShares: 2, RestartPolicy: { Name: "always" } };
    expect(containerInputs(inspected({ host }), inputs, undefined)).toEqual({
      ...inputs,
      memory: 32,
      cpuShares: 2,
      restart: "always",
    });
    expect(containerInputs(inspected({ host: { Memory: 0 } }), inputs, undefined).memory).toBe(0);
  });
  it("shows the image that runs where its name stands for another now", () => {
    expect(containerInputs(inspected(), inputs, "sha256:other").image).toBe("sha256:image");
  });
  it("shows a network more, a network less, and names each as the program did", () => {
    const prior = { ...inputs, networksAdvanced: [{ name: "id-of-two" }, { name: "one", aliases: ["a"] }] };
    const networks = { one: { NetworkID: "id-of-one" }, two: { NetworkID: "id-of-two" } };
    expect(containerInputs(inspected({ networks }), prior, undefined)).toEqual(prior);
    const changed = inspected({ networks: { one: networks.one, three: { NetworkID: "id-of-three" } } });
    expect(containerInputs(changed, prior, undefined).networksAdvanced).toEqual(
      expect.arrayContaining([{ name: "one", aliases: ["a"] }, { name: "three" }]),
    );
    expect(containerInputs(inspected({ networks }), inputs, undefined).networksAdvanced).toHaveLength(2);
  });
});

describe("matches", () => {
  it("takes what the image adds, and nothing else", () => {
    expect(matches(containerOptions(inputs), inspected())).toBe(true);
    expect(matches(containerOptions({ ...inputs, envs: ["A=2"] }), inspected())).toBe(false);
    expect(matches(containerOptions({ ...inputs, memory: 32 }), inspected())).toBe(false);
    expect(matches(containerOptions({ ...inputs, name: "other" }), inspected())).toBe(false);
  });
});

describe("checkContainer", () => {
  it("tells everything at once, and no secret", () => {
    const failures = checkContainer({
      restart: "sometimes",
      cpus: "many",
      envs: ["A=1", "hunter2"],
      healthcheck: { interval: "soon" },
      readOnly: true,
      uploads: [{ file: "relative", content: "a", source: "b", permissions: "rw", owner: "root" }],
    });
    expect(failures.map(({ property }) => property)).toEqual([
      "restart",
      "cpus",
      "healthcheck.interval",
      "envs[1]",
      "uploads[0].source",
      "uploads[0].file",
      "uploads[0].permissions",
      "uploads[0].owner",
      "uploads",
    ]);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });
});

describe("modeOf", () => {
  it("takes permissions before the executable bit", () => {
    expect(modeOf({ file: "/f" })).toBe(0o644);
    expect(modeOf({ file: "/f", executable: true })).toBe(0o744);
    expect(modeOf({ file: "/f", executable: true, permissions: "0400" })).toBe(0o400);
  });
});
