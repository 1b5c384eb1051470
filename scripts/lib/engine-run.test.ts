import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runCaptured, runEngine } from "./engine-run.ts";
import type { Session } from "./session.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hypriotos-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An engine that writes down how it was called and then does as told. */
function session(
  script: string,
  local: boolean,
): { session: Session; writeBack: () => void; called: () => string } {
  const engine = join(folder, "engine");
  writeFileSync(engine, `#!/bin/sh\nprintf '%s|' "$PWD" "$@" > "${folder}/called"\n${script}\n`);
  chmodSync(engine, 0o755);
  const writeBack = vi.fn();
  const cloud = {} as never;
  const stack = { stateDir: folder, cloud, projectDir: tmpdir(), composedFile: "/composed.yaml", writeBack };
  const base = { root: folder, stack: "local", engine, env: process.env, stackFile: "/stack.yaml" };
  return {
    session: { ...base, local: local ? stack : undefined },
    writeBack,
    called: () => readFileSync(join(folder, "called"), "utf8"),
  };
}

it("gives the composed stack file to the engine and brings its edits back", async () => {
  const run = session("exit 0", true);
  expect(await runEngine(run.session, ["up", "--yes"])).toBe(0);
  expect(run.called()).toBe(`${folder}|up|--yes|--config-file|/composed.yaml|`);
  expect(run.writeBack).toHaveBeenCalledOnce();
});

it("runs what needs no program in the project's folder", async () => {
  const run = session("exit 0", true);
  await runEngine(run.session, ["stack", "export"]);
  expect(run.called()).toBe(`${realpathSync(tmpdir())}|stack|export|`);
});

it("adds nothing for a stack that lives elsewhere", async () => {
  const run = session("exit 0", false);
  await runEngine(run.session, ["up", "--stack", "production"]);
  expect(run.called()).toBe(`${folder}|up|--stack|production|`);
});

it("passes exit codes and signals through, and brings edits back all the same", async () => {
  const failing = session("exit 7", true);
  expect(await runEngine(failing.session, ["up"])).toBe(7);
  expect(failing.writeBack).toHaveBeenCalledOnce();
  expect(await runEngine(session("kill -KILL $$", true).session, ["up"])).toBe(137);
});

it("collects what an engine says out of sight", async () => {
  const run = session("echo out; echo err >&2; exit 3", true);
  const result = await runCaptured(run.session, ["stack", "init"], folder);
  expect(result.code).toBe(3);
  expect(result.output.split("\n").sort()).toEqual(["err", "out"]);
});
