import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerPlugin } from "./home.ts";
import { installPlugin } from "./plugin.ts";

const github = providerPlugin("github");
const plugins = mkdtempSync(join(tmpdir(), "hypriotos-plugins-"));
const folder = join(plugins, github.folder);

beforeAll(async () => {
  expect(await installPlugin(plugins, github)).toBe(true);
}, 60_000);

afterAll(() => rmSync(plugins, { recursive: true, force: true }));

/** What the plugin prints first when it is started as the engine does. */
async function firstLine(): Promise<string> {
  const child = spawn(join(folder, github.executable), ["127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    return data.toString("utf8").trim();
  } finally {
    child.kill("SIGKILL");
  }
}

describe("installPlugin", () => {
  it("makes an executable that prints the port that it serves on", async () => {
    expect(await firstLine()).toMatch(/^\d+$/);
  });

  it("makes nothing anew that is current", async () => {
    expect(await installPlugin(plugins, github)).toBe(false);
  });

  it.each([
    ["of another program", "not compiled code"],
    ["of nothing", ""],
  ])("makes a plugin that starts with compiled code %s", async (_, text) => {
    writeFileSync(join(folder, "program.compiled"), text);
    expect(await firstLine()).toMatch(/^\d+$/);
  });
});
