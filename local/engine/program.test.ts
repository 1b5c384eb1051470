import { describe, expect, it } from "vitest";
import { programCommand, type Run } from "./program.ts";

const run: Run = {
  project: "hypriotos",
  stack: "local",
  organization: "organization",
  rootDirectory: "/project",
  pwd: "/project",
  program: ".",
  args: [],
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  dryRun: true,
  parallel: 0,
  config: { "hypriotos:tags": "{}" },
  secretKeys: ["hypriotos:githubAppPrivateKey"],
  options: { typescript: false, nodeargs: "--import  tsx" },
};

describe("programCommand", () => {
  it("starts the SDK's runner with what it reads", () => {
    const command = programCommand(run, "/sdk/cmd/run", { PATH: "/bin" });
    expect(command).toEqual({
      file: process.execPath,
      args: [
        ..."--import tsx /sdk/cmd/run --monitor 127.0.0.1:1 --engine 127.0.0.1:2".split(" "),
        ..."--organization organization --project hypriotos --stack local".split(" "),
        ..."--root-directory /project --pwd /project --dry-run .".split(" "),
      ],
      cwd: "/project",
      env: {
        PATH: "/bin",
        PULUMI_CONFIG: '{"hypriotos:tags":"{}"}',
        PULUMI_CONFIG_SECRET_KEYS: '["hypriotos:githubAppPrivateKey"]',
        PULUMI_NODEJS_TYPESCRIPT: "false",
      },
    });
  });

  it("says how many resources at once only where the engine does", () => {
    expect(programCommand({ ...run, parallel: 8, dryRun: false }, "run", {}).args).toEqual(
      expect.arrayContaining(["--parallel", "8"]),
    );
    expect(programCommand(run, "run", {}).args).not.toContain("--parallel");
  });

  it.each([
    [{}, "typescript: true"],
    [{ typescript: true }, "typescript: true"],
    [{ typescript: false, packagemanager: "pnpm" }, "packagemanager"],
  ])("refuses options that only the official host knows: %o", (options, found) => {
    expect(() => programCommand({ ...run, options }, "run", {})).toThrow(
      `Pulumi.yaml: runtime.options: found ${found}; expected typescript: false and nodeargs only`,
    );
  });

  it("says that a config is too large before the system refuses to start anything", () => {
    const config = { "hypriotos:boards": "x".repeat(128 * 1024) };
    expect(() => programCommand({ ...run, config }, "run", {})).toThrow(
      /the stack's config: found 131\d+ bytes, expected at most 131057/,
    );
  });
});
