import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connect, hostProblem, labelList, labelMap } from "./client.ts";
import { duration } from "./container-options.ts";
import { nameOf } from "./image.ts";
import { buildFailure, splitTag } from "./image-build.ts";
import { sshArguments } from "./ssh.ts";

describe("hostProblem", () => {
  it.each([
    "unix:///var/run/docker.sock",
    "ssh://root@runner.example:2222",
    "tcp://127.0.0.1:2375",
    "tcp://[::1]:1",
  ])("takes %s", (host) => {
    expect(hostProblem(host)).toBeUndefined();
  });
  it.each([
    ["tcp://10.0.0.1:2375", /use ssh:/],
    ["http://127.0.0.1", /expected unix:/],
    ["docker.sock", /expected unix:/],
    ["ssh://root:secret@runner", /expected no password/],
  ])("refuses %s", (host, problem) => {
    expect(hostProblem(host)).toMatch(problem);
  });
  it("does not repeat a password", () => {
    expect(hostProblem("ssh://root:secret@runner")).not.toContain("secret");
  });
});

describe("connect", () => {
  it("connects to nothing", () => {
    expect(connect({ host: "ssh://nobody@host.invalid" }, {})).toBeDefined();
  });
  it("prefers the given host to the environment's", () => {
    const { modem } = connect({ host: "unix:///given.sock" }, { DOCKER_HOST: "tcp://127.0.0.1:1" });
    expect(modem).toMatchObject({ socketPath: "/given.sock", host: undefined });
  });
});

describe("sshArguments", () => {
  it("ends the options before the host, so that a host is never taken for one", () => {
    const target = { host: "-oProxyCommand=x", user: "builder", port: "2222", options: ["-i", "key"] };
    expect(sshArguments(target)).toEqual(
      ["-i", "key", "-l", "builder", "-p", "2222", "-o", "BatchMode=yes"].concat([
        "--",
        "-oProxyCommand=x",
        "docker",
        "system",
        "dial-stdio",
      ]),
    );
  });
});

describe("labels", () => {
  it("go there and back", () => {
    const map = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 });
    fc.assert(
      fc.property(map, (labels) => {
        expect(labelMap(labelList(labels))).toEqual({ ...labels });
      }),
    );
  });
});

describe("duration", () => {
  it.each([
    ["0s", 0],
    ["500ms", 5e8],
    ["1m30s", 90e9],
    ["1.5h", 5400e9],
    ["90", undefined],
    ["1 m", undefined],
  ])("%s → %s", (text, expected) => {
    expect(duration(text)).toBe(expected);
  });
});

describe("names", () => {
  it("are split at the tag, not at the registry's port", () => {
    expect(splitTag("a/b:1")).toEqual({ repo: "a/b", tag: "1" });
    expect(splitTag("localhost:5000/b")).toEqual({ repo: "localhost:5000/b", tag: "latest" });
  });
  it("are in an image's id", () => {
    expect(nameOf(`sha256:${"0".repeat(64)}a/b:1`)).toBe("a/b:1");
    expect(nameOf("a/b:1")).toBe("a/b:1");
  });
});

describe("buildFailure", () => {
  it("is none for a build that succeeded", () => {
    expect(buildFailure("x", [{ stream: "Step 1/1 : FROM scratch\n" }])).toBeUndefined();
  });
  it("has the step, its last lines and the reason", () => {
    const noise = Array.from({ length: 50 }, (_, index) => ({ stream: `line ${index}\n` }));
    const output = [
      { stream: "Step 1/2 : FROM a\n" },
      { stream: "Step 2/2 : RUN b\n" },
      ...noise,
      { error: "code: 1" },
    ];
    const lines = buildFailure("x", output)?.message.split("\n");
    expect(lines?.[0]).toBe("build of x failed at Step 2/2 : RUN b");
    expect(lines?.slice(1, -1)).toEqual(noise.slice(-20).map(({ stream }) => stream.trimEnd()));
    expect(lines?.at(-1)).toBe("code: 1");
  });
});
