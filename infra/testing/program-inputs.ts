import { readFileSync } from "node:fs";
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { isRpcSecret, unwrapRpcSecret } from "@pulumi/pulumi/runtime/rpc.js";
import { disconnect } from "@pulumi/pulumi/runtime/settings.js";
import { vi } from "vitest";
import { stackFileConfig } from "../config/stack-files.ts";

/** What the program asks of a cloud: a resource, or the answer of a function. */
export interface Asked {
  /** `aws:s3/bucket:Bucket`. */
  readonly token: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Runs the whole program as a stack file has it, with an engine that makes nothing. */
export async function programInputs(stack: string, file: string): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  await setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (custom) asked.push({ token: type, name, inputs: revealed(inputs) });
        return { id: `${name}-id`, state: { ...inputs, ...known(type, name) } };
      },
      call({ token, inputs }) {
        asked.push({ token, name: token, inputs: revealed(inputs) });
        return { ...inputs, id: "7", publicKeyPem: "a key" };
      },
    },
    "hypriotos",
    stack,
  );
  const config = Object.entries(stackFileConfig(readFileSync(file, "utf8")));
  setAllConfig(
    Object.fromEntries(
      config.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    [],
  );
  vi.stubEnv("GITHUB_APP_PRIVATE_KEY", "a key");
  vi.resetModules();
  await import("../index.ts");
  await disconnect();
  return asked;
}

/** What a cloud computes and other resources are given: text, but for what the program counts on. */
function known(type: string, name: string): Record<string, unknown> {
  const text = {
    arn: `arn:${name}`,
    url: `https://${name}.example/`,
    functionUrl: `https://${name}.example/`,
  };
  const more = { keyId: name, secret: "x", imageId: `sha256:${name}`, fullName: name, output: "x" };
  return { ...text, ...more, httpCloneUrl: `https://${type}.example`, htmlUrl: `https://${type}.example` };
}

function revealed(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  return isRpcSecret(value) ? unwrapRpcSecret(value) : value;
}
