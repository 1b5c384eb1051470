import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { expect, it } from "vitest";
import { type PackRequest, policyPackCommand } from "./policy-pack.ts";

function request(kind: string, options: object): PackRequest {
  const info = {
    getProgramDirectory: () => "/project/policies",
    getOptions: () => ({ toJavaScript: () => options }),
  };
  return {
    getKind: () => kind,
    getInfo: () => info as unknown as ReturnType<RunPluginRequest["getInfo"]>,
    getArgsList: () => ["127.0.0.1:1"],
    getEnvList: () => ["PULUMI_STACK=local", "A=b=c"],
  };
}

it("starts the pack's package in its folder, with the engine's address and environment", () => {
  expect(policyPackCommand(request("analyzer", { typescript: false }), { PATH: "/bin", A: "other" })).toEqual(
    {
      file: process.execPath,
      args: ["/project/policies", "127.0.0.1:1"],
      cwd: "/project/policies",
      env: { PATH: "/bin", A: "b=c", PULUMI_STACK: "local" },
    },
  );
});

it.each([
  ["resource", { typescript: false }, "found a plugin of kind resource, expected a policy pack"],
  ["analyzer", {}, "runtime.options: found typescript: true; expected typescript: false only"],
  ["analyzer", { typescript: false, nodeargs: "--x" }, "runtime.options: found nodeargs"],
])("refuses %s %o", (kind, options, message) => {
  expect(() => policyPackCommand(request(kind, options), {})).toThrow(message);
});
