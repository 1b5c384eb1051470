import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processStart } from "../../local/cloud/lock.js";
import { commandPath, reason, run, SetupError } from "./process.js";

/** How long a daemon may take until it answers; a cold one with many containers needs a while. Seconds. */
const startLimit = 60;

/** @returns {Promise<string | undefined>} why the daemon does not answer */
async function unreachable() {
  const result = await run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutSeconds: 30 });
  return result.code === 0 ? undefined : reason(result, 1);
}

/**
 * Where set-up notes the daemon that it started itself.
 *
 * @param {import("./context.js").Context} context
 */
export const dockerdNote = (context) => join(context.state, "dockerd.json");

/** @type {import("./context.js").Step} */
export const docker = {
  id: "docker",
  title: "Docker",
  async missing() {
    const why = await unreachable();
    return why === undefined ? undefined : `the daemon does not answer (${why})`;
  },
  async make(context, progress) {
    if (process.env.DOCKER_HOST !== undefined) {
      throw new SetupError(
        `no Docker daemon answers at DOCKER_HOST: start it or unset DOCKER_HOST, then run this again.`,
      );
    }
    if (!context.isRoot || commandPath("dockerd") === undefined) {
      const way = context.isRoot
        ? "install and start Docker"
        : "start it, or add your user to the group docker";
      throw new SetupError(
        `Docker's daemon does not answer (${await unreachable()}): ${way}, then run this again.`,
      );
    }
    if (existsSync("/run/systemd/system")) {
      progress("systemctl start docker");
      const result = await run("systemctl", ["start", "docker"], { timeoutSeconds: startLimit });
      if (result.code !== 0) throw new SetupError(`systemctl start docker failed: ${reason(result)}`);
      return;
    }
    await startDaemon(context, progress);
  },
};

/**
 * Where no init system does it: on build machines and in containers.
 *
 * @param {import("./context.js").Context} context
 * @param {(text: string) => void} progress
 */
async function startDaemon(context, progress) {
  const logFile = join(context.state, "logs/dockerd.log");
  mkdirSync(join(context.state, "logs"), { recursive: true });
  progress(`starting dockerd, its log is ${logFile}`);
  const log = openSync(logFile, "a");
  const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log], cwd: "/" });
  /** @type {string | undefined} */
  let end;
  child.on("error", (error) => {
    end = error.message;
  });
  child.on("exit", (code, signal) => {
    end = `exit code ${code ?? signal}`;
  });
  const deadline = Date.now() + startLimit * 1000;
  while ((await unreachable()) !== undefined) {
    if (end !== undefined)
      throw new SetupError(`dockerd ended with ${end}; its last lines:\n${tail(logFile)}`);
    if (Date.now() > deadline) {
      throw new SetupError(
        `dockerd does not answer after ${startLimit} s; its last lines:\n${tail(logFile)}`,
      );
    }
    await delay(200);
  }
  child.unref();
  if (child.pid === undefined) return;
  const note = { pid: child.pid, start: processStart(child.pid) ?? "", log: logFile };
  writeFileSync(`${dockerdNote(context)}.part`, JSON.stringify(note));
  renameSync(`${dockerdNote(context)}.part`, dockerdNote(context));
}

/** @param {string} file */
const tail = (file) => readFileSync(file, "utf8").trim().split("\n").slice(-8).join("\n");
