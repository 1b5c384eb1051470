import { beforeAll, describe, expect, it } from "vitest";
import { DockerRunner } from "./docker-runner.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const source = {
  name: "hypriotos/runner",
  context: "dist/runner",
  fingerprint: "f".repeat(64),
  baseImage: "debian:trixie-slim",
};
let registered: Registered[];

function runner(name: string, endpoint?: string): DockerRunner {
  return new DockerRunner(name, {
    runner: `hypriot-test-runner-${name}`,
    source,
    builderImage: "hypriotos/builder:0",
    queues: { arm64: { url: "https://queue.example/arm64", arn: "arn:queue:arm64" } },
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
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
    expect(inputs.volumes).toBeUndefined();
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
