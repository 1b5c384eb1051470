import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { RUNNER_FILES, RunnerSettings } from "../contracts/runner-settings.ts";
import { DockerRunner } from "./docker-runner.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const source = {
  name: "hypriotos/runner",
  context: "dist/runner",
  fingerprint: "f".repeat(64),
  baseImage: "debian:trixie-slim",
};
/** A secret in one of them makes all of them a secret. */
const Uploads = z.object({ value: z.array(z.object({ file: z.string(), content: z.string() })) });

let registered: Registered[];

function runner(name: string, endpoint?: string): DockerRunner {
  return new DockerRunner(name, {
    runner: `hypriot-test-runner-${name}`,
    source,
    builderImage: "hypriotos/builder:0",
    socket: "/var/run/docker.sock",
    queues: {
      arm64: {
        url: "https://queue.example/arm64",
        arn: "arn:queue:arm64",
        deadLetters: { url: "https://queue.example/dead", arn: "arn:queue:dead" },
      },
    },
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    builds: { name: "builds", arn: "arn:table:builds" },
    github: appAccess(),
    logsUrl: "https://dispatch.example/logs/",
    limits: { memoryMiB: 1024, cpus: 1, minutes: 5, diskMiB: 2048 },
    slots: 2,
    region: "eu-central-1",
    ...(endpoint === undefined ? {} : { endpoint }),
    tags: { stack: "test" },
  });
}

beforeAll(async () => {
  registered = mockEngine();
  await resolved(runner("near", "http://127.0.0.1:4566").container);
  await resolved(runner("far").container);
});

describe("DockerRunner", () => {
  it("runs without privileges, on an image that its content names", () => {
    expect(only(registered, "RemoteImage", "far").inputs).toMatchObject({
      name: `hypriotos/runner:${"f".repeat(12)}`,
    });
    const { inputs } = only(registered, "Container", "far");
    expect(inputs).toMatchObject({
      image: "sha256:far",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      networkMode: "bridge",
    });
    expect(inputs.privileged).toBeUndefined();
    // Nothing of the host but the daemon's socket.
    expect(inputs.volumes).toBeUndefined();
    expect(inputs.mounts).toEqual([
      { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" },
    ]);
  });

  it("gives the agent settings that it reads", () => {
    const { value: uploads } = Uploads.parse(only(registered, "Container", "far").inputs.uploads);
    const settings = uploads.find(({ file }) => file === RUNNER_FILES.settings);
    expect(RunnerSettings.parse(JSON.parse(settings?.content ?? ""))).toMatchObject({
      role: "arn:aws:iam/role:::hypriot-test-runner-far",
      slots: 2,
      logsUrl: "https://dispatch.example/logs/",
    });
  });

  it("uses the host's network only where AWS is on loopback", () => {
    expect(only(registered, "Container", "near").inputs).toMatchObject({
      networkMode: "host",
      envs: expect.arrayContaining(["AWS_ENDPOINT_URL=http://127.0.0.1:4566"]),
    });
  });

  it("gives its user nothing but the right to take its role", () => {
    const policy = JSON.parse(String(only(registered, "UserPolicy", "far").inputs.policy));
    expect(policy.Statement).toEqual([
      {
        Sid: "TakeRunnerRole",
        Effect: "Allow",
        Action: ["sts:AssumeRole"],
        Resource: ["arn:aws:iam/role:::hypriot-test-runner-far"],
      },
    ]);
  });

  it("keeps its key out of everything but a secret file", () => {
    const leaks = registered.filter(
      ({ type, inputs }) =>
        !type.endsWith("Container") && JSON.stringify(inputs).includes("the-key's-secret"),
    );
    expect(leaks).toEqual([]);
    const { envs, labels } = only(registered, "Container", "far").inputs;
    expect(JSON.stringify([envs, labels])).not.toContain("the-key's-secret");
  });
});
