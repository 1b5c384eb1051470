import type { ContainerArgs } from "@pulumi/docker/container.js";
import type { CheckFailure, PropertyRule } from "../framework/resource.ts";
import { type ContainerInputs, duration } from "./container-options.ts";
import { uploadProblems } from "./container-upload.ts";

const RESTARTS: readonly string[] = ["no", "on-failure", "always", "unless-stopped"];

const replaced = { replace: true } as const;
const set = { replace: true, unordered: true } as const;

/**
 * Nearly everything replaces: the daemon cannot edit a container. Unlike the official provider, so do `init`,
 * `healthcheck`, `tmpfs` and `rm`, of which it says that it updates them and then does nothing.
 */
export const containerProperties = {
  name: { required: true, replace: true },
  image: { required: true, replace: true },
  command: replaced,
  entrypoints: replaced,
  envs: set,
  user: replaced,
  workingDir: replaced,
  hostname: replaced,
  labels: { ...set, fields: { label: true, value: true } },
  networkMode: { replace: true, default: "bridge" },
  networksAdvanced: { ...set, fields: { name: true, aliases: true, ipv4Address: true } },
  mounts: {
    ...set,
    fields: {
      type: true,
      source: true,
      target: true,
      readOnly: true,
      bindOptions: { propagation: true },
      volumeOptions: { noCopy: true },
      tmpfsOptions: { sizeBytes: true, mode: true },
    },
  },
  volumes: {
    ...set,
    fields: { containerPath: true, hostPath: true, volumeName: true, readOnly: true },
  },
  tmpfs: replaced,
  uploads: {
    ...set,
    writeOnly: true,
    fields: {
      file: true,
      content: true,
      contentBase64: true,
      source: true,
      sourceHash: true,
      executable: true,
      permissions: true,
      owner: true,
      group: true,
    },
  },
  capabilities: { ...set, fields: { adds: true, drops: true } },
  securityOpts: set,
  groupAdds: set,
  readOnly: { replace: true, default: false },
  init: replaced,
  healthcheck: {
    replace: true,
    fields: {
      tests: true,
      interval: true,
      timeout: true,
      startPeriod: true,
      startInterval: true,
      retries: true,
    },
  },
  logDriver: replaced,
  logOpts: replaced,
  stopSignal: replaced,
  stopTimeout: replaced,
  cpus: replaced,
  memory: {},
  memorySwap: {},
  memoryReservation: {},
  cpuShares: {},
  cpuSet: {},
  restart: { default: "no" },
  maxRetryCount: {},
  mustRun: { default: true },
  start: { default: true },
  wait: { default: false },
  waitTimeout: { default: 60 },
  rm: { replace: true, default: false },
  removeVolumes: { default: true },
  destroyGraceSeconds: {},
} satisfies { readonly [Property in keyof ContainerArgs]?: PropertyRule };

/** What the rules cannot say of a container's inputs. */
export function checkContainer(inputs: Partial<ContainerInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, value: unknown, expected: string) =>
    failures.push({ property, reason: `found ${JSON.stringify(value)}; expected ${expected}` });
  if (inputs.restart !== undefined && !RESTARTS.includes(inputs.restart)) {
    fail("restart", inputs.restart, `one of ${RESTARTS.join(", ")}`);
  }
  if (inputs.cpus !== undefined && !/^\d+(\.\d+)?$/.test(inputs.cpus)) {
    fail("cpus", inputs.cpus, "a number of CPUs such as 1.5");
  }
  for (const key of ["interval", "timeout", "startPeriod", "startInterval"] as const) {
    const value = inputs.healthcheck?.[key];
    if (typeof value === "string" && duration(value) === undefined) {
      fail(`healthcheck.${key}`, value, "a duration such as 500ms or 1m30s");
    }
  }
  for (const [index, env] of (inputs.envs ?? []).entries()) {
    if (typeof env === "string" && !/^[^=]+=/.test(env)) {
      // The text itself may be a secret that lost its name.
      failures.push({ property: `envs[${index}]`, reason: "expected NAME=value" });
    }
  }
  for (const [index, upload] of (inputs.uploads ?? []).entries()) {
    for (const { property, reason } of uploadProblems(upload ?? {})) {
      failures.push({ property: `uploads[${index}].${property}`, reason });
    }
  }
  if (inputs.readOnly === true && (inputs.uploads ?? []).length > 0) {
    const reason = "found beside readOnly; the daemon writes no file into a read-only root: use a mount";
    failures.push({ property: "uploads", reason });
  }
  return failures;
}
