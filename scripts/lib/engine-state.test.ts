import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearStaleLocks, lastOperation, readStackState, summarizeState } from "./engine-state.ts";

const urn = (type: string, name: string) => `urn:pulumi:local::hypriotos::${type}::${name}`;

describe("the engine's state in short", () => {
  it("counts what a provider manages and finds protection, interrupted operations and outputs", () => {
    const resources = [
      {
        urn: urn("pulumi:pulumi:Stack", "s"),
        type: "pulumi:pulumi:Stack",
        outputs: { webhookUrl: "http://w" },
      },
      { urn: urn("pulumi:providers:aws", "aws"), type: "pulumi:providers:aws", custom: true },
      { urn: urn("hypriotos:index:BuildQueue", "q"), type: "hypriotos:index:BuildQueue", custom: false },
      { urn: urn("aws:s3/bucket:Bucket", "b"), type: "aws:s3/bucket:Bucket", custom: true, protect: true },
      { urn: urn("aws:sqs/queue:Queue", "q"), type: "aws:sqs/queue:Queue", custom: true },
      { urn: urn("aws:sqs/queue:Queue", "old"), type: "aws:sqs/queue:Queue", custom: true, delete: true },
    ];
    expect(
      summarizeState({ version: 3, checkpoint: { latest: { resources, pending_operations: [{}] } } }),
    ).toEqual({
      resources: 2,
      protected: [urn("aws:s3/bucket:Bucket", "b")],
      pending: 1,
      outputs: { webhookUrl: "http://w" },
    });
  });

  it("is empty for a stack that was only initialized", () => {
    expect(summarizeState({ version: 3, checkpoint: { stack: "x" } })).toEqual({
      resources: 0,
      protected: [],
      pending: 0,
      outputs: {},
    });
  });
});

describe("the engine's files", () => {
  let state = "";
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "hypriotos-"));
  });
  afterEach(() => rmSync(state, { recursive: true }));

  it("tell nothing where there are none", () => {
    expect(readStackState(state, "local")).toBeUndefined();
    expect(lastOperation(state, "local")).toBeUndefined();
    expect(clearStaleLocks(state, "local")).toEqual([]);
  });

  it("tell the newest operation", () => {
    const folder = join(state, "pulumi/.pulumi/history/hypriotos/local");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "local-1.history.json"),
      JSON.stringify({ kind: "update", endTime: 1, result: "failed" }),
    );
    writeFileSync(
      join(folder, "local-2.history.json"),
      JSON.stringify({ kind: "destroy", endTime: 2, result: "succeeded" }),
    );
    writeFileSync(join(folder, "local-2.checkpoint.json"), "{}");
    expect(lastOperation(state, "local")).toEqual({ kind: "destroy", endTime: 2, result: "succeeded" });
  });

  it("lose the locks of dead engines alone", () => {
    const folder = join(state, "pulumi/.pulumi/locks/organization/hypriotos/local");
    mkdirSync(folder, { recursive: true });
    const lock = (name: string, content: object | string) =>
      writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    const dead = 2 ** 22 + 1;
    lock("dead.json", { pid: dead, hostname: hostname() });
    // A living process which is no engine has got the number of a dead one.
    lock("reused.json", { pid: process.pid, hostname: hostname() });
    lock("elsewhere.json", { pid: dead, hostname: "another-machine" });
    lock("damaged.json", "{");
    expect([...clearStaleLocks(state, "local")].sort()).toEqual([process.pid, dead].sort());
    expect(readdirSync(folder).sort()).toEqual(["damaged.json", "elsewhere.json"]);
  });
});
