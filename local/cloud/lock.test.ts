import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { processStart, takeLock } from "./lock.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hypriotos-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const never = (pid: number) => expect.fail(`waited for ${pid}`);

it("is free again when it was given back", async () => {
  const file = join(folder, "lock");
  const release = await takeLock(file, never);
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} `));
  release();
  expect(existsSync(file)).toBe(false);
  (await takeLock(file, never))();
});

it("is taken over from a process that is dead, and from one whose number somebody else has now", async () => {
  const file = join(folder, "lock");
  writeFileSync(file, `${2 ** 22 + 1} 100 x`);
  (await takeLock(file, never))();
  writeFileSync(file, `${process.pid} 1 x`);
  (await takeLock(file, never))();
});

it("is held by one at a time, and a waiter says whom it waits for", async () => {
  const file = join(folder, "lock");
  let holders = 0;
  const waitedFor: number[] = [];
  const turn = async () => {
    const release = await takeLock(file, (pid) => waitedFor.push(pid));
    holders += 1;
    expect(holders).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    holders -= 1;
    release();
  };
  await Promise.all([turn(), turn(), turn()]);
  expect(waitedFor).toEqual([process.pid, process.pid]);
});

it("knows a process by its start, and a dead one not at all", async () => {
  const child = spawn("sleep", ["60"]);
  const start = processStart(child.pid ?? 0);
  expect(start).toMatch(/^\d+$/);
  expect(processStart(child.pid ?? 0)).toBe(start);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(processStart(child.pid ?? 0)).toBeUndefined();
});
