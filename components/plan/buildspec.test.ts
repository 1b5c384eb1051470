import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type BuildSpec, buildspecText, imagesBuildspec, jobBuildspec } from "./buildspec.ts";

const commands = ({ phases }: BuildSpec) => Object.values(phases).flatMap((phase) => phase.commands);

/** Runs a command as CodeBuild does, with a `docker` that says what it was asked and exits as it is told. */
function exitCode(command: string, dockerCode: number): number {
  const script = `docker() { return ${dockerCode}; }\n${command}\n`;
  try {
    execFileSync("sh", ["-c", script], { stdio: "ignore" });
    return 0;
  } catch (error) {
    return typeof error === "object" && error !== null && "status" in error ? Number(error.status) : -1;
  }
}

describe.each([
  ["jobs", jobBuildspec()],
  ["images", imagesBuildspec()],
])("the buildspec of %s", (_, spec) => {
  it("is YAML that says the same", () => {
    expect(parse(buildspecText(spec))).toEqual(spec);
  });

  it("has commands that the shell understands", () => {
    for (const command of commands(spec)) execFileSync("sh", ["-n", "-c", command]);
  });
});

describe("the buildspec of jobs", () => {
  const [run = ""] = jobBuildspec().phases.build?.commands ?? [];

  it.each([
    ["passed", 0, 0],
    ["ended otherwise", 3, 0],
    ["has no end yet", 75, 1],
    ["broke", 1, 1],
    ["could not be started", 125, 1],
  ])("succeeds when the job has its end: it %s", (_, code, expected) => {
    expect(exitCode(run, code)).toBe(expected);
  });

  it("gives the agent no right that it does not need, and credentials to nobody else", () => {
    expect(run).toContain("--cap-drop ALL --security-opt no-new-privileges");
    const [login, ...others] = commands(jobBuildspec());
    expect(login).toContain("docker login");
    const fence = others.findIndex((command) => command.includes("169.254.170.2 "));
    expect(fence).toBeGreaterThan(-1);
    expect(fence).toBeLessThan(others.indexOf(run));
  });
});
