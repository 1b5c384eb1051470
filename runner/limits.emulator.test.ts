import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BuildLimits } from "../contracts/runner-settings.ts";
import { LOG_LIMITS } from "./log.ts";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";
import { QUICK } from "./testing/tools.ts";
import type { Times } from "./tools.ts";

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
  expect(await stand.waiting()).toBe(0);
});

async function build(play: string, limits: Partial<BuildLimits> = {}, times: Partial<Times> = {}) {
  const job = await stand.submit(await stand.commit({ play }));
  const { settings } = stand.pipeline;
  await stand.work({
    settings: { ...settings, limits: { ...settings.limits, ...limits } },
    times: { ...QUICK, ...times },
  });
  return job;
}

describe("a build that takes more than it may", () => {
  test("disk", async () => {
    const job = await build("for i in $(seq 1000); do head -c 20M /dev/zero >/build/$i; sleep 0.1; done");
    expect(await stand.manifest(job)).toMatchObject({
      cause: "disk",
      reason: "the build wrote more than 64 MiB",
    });
  });

  test("one file", async () => {
    const play = "head -c 100M /dev/zero >/build/large || { stat -c %s /build/large; exit 1; }";
    const job = await build(play, {}, { lookAtDisk: 60_000 });
    expect(await stand.manifest(job)).toMatchObject({ cause: "build" });
    expect(await stand.object(job, "log.txt")).toContain(`\n${64 * 2 ** 20}\n`);
  });

  test("memory", async () => {
    const job = await build("x=$(head -c 300M /dev/zero | tr '\\0' x)", { memoryMiB: 64 });
    expect(await stand.manifest(job)).toMatchObject({
      cause: "memory",
      reason: "the build needed more than 64 MiB of memory",
    });
  });

  test("time: the check run says so", async () => {
    const job = await build("phase forever; sleep 100", { minutes: 0.03 });
    expect(await stand.manifest(job)).toMatchObject({ result: "failure", cause: "time" });
    expect(await stand.check(job)).toMatchObject({ conclusion: "timed_out" });
  });

  test("an endless log: beginning and end are kept", async () => {
    const job = await build("echo first; yes 'an endless log'", { minutes: 0.15 });
    const log = await stand.object(job, "log.txt");
    expect(log.length).toBeLessThan(2 * LOG_LIMITS.keptBytes + 200);
    expect(log.length).toBeGreaterThan(LOG_LIMITS.keptBytes);
    expect(log.startsWith("first\nan endless log\n")).toBe(true);
    expect(log).toMatch(/\n\[… \d+ bytes left out …\]\n\nan endless log\n/);
    expect(log.endsWith("runner: the build took longer than 0.15 minutes\n")).toBe(true);
  });

  test("a line without an end", async () => {
    const job = await build("head -c 50M /dev/zero | tr '\\0' x; exit 1");
    const log = await stand.object(job, "log.txt");
    expect(log.length).toBeLessThan(5000);
    expect(log).toContain(`… (${50 * 2 ** 20 - LOG_LIMITS.lineLength} more characters)`);
  });
});

describe("a build's container", () => {
  test("has no privilege, no credential, no host", async () => {
    const play = `
      env | sort | grep -v -e '^_=' -e '^SHLVL=' -e '^PWD=' -e '^PATH=' -e '^HOSTNAME=' -e '^HOME='
      grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status
      mount -t tmpfs tmpfs /mnt 2>&1 || echo "no mount"
      cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max
      ls /var/run/docker.sock 2>&1 || true
      (echo >/dev/tcp/127.0.0.1/${new URL(stand.emulator.endpoint).port}) 2>/dev/null || echo "no emulator"
      ${GOOD_PLAY}`;
    const job = await build(play);
    const log = await stand.object(job, "log.txt");
    const lines = log.split("\n");
    expect(lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split("=")[0])).toEqual([
      "HYPRIOTOS_VERSION",
      "SOURCE_DATE_EPOCH",
      "HYPRIOTOS_VERSION",
      "SOURCE_DATE_EPOCH",
    ]);
    // chown, dac_override, fowner, fsetid, setgid, setuid, sys_chroot, mknod, setfcap
    const capabilities = [0, 1, 3, 4, 6, 7, 18, 27, 31].reduce((sum, bit) => sum + 2 ** bit, 0);
    expect(log).toContain(`CapBnd:\t${capabilities.toString(16).padStart(16, "0")}`);
    expect(log).toContain("NoNewPrivs:\t1");
    expect(lines).toContain("4096");
    expect(lines).toContain("no mount");
    expect(lines).toContain("no emulator");
    expect(log).toContain("cannot access '/var/run/docker.sock'");
  });
});
