import { type ChildProcess, spawn } from "node:child_process";
import { openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import Docker from "dockerode";
import { extract } from "tar-stream";
import { RUNNER_FILES, RunnerSettings } from "../../contracts/runner-settings.ts";
import { standalone } from "../../infra/build-contexts.ts";

async function fileOf(container: Docker.Container, path: string): Promise<string> {
  const archive = (await container.getArchive({ path })) as unknown as Readable;
  const entries = extract();
  archive.pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }
  throw new Error(`${path}: found nothing`);
}

/** The stack's runner as a process of this bench: with its settings, rights and code, and short times. It can be killed. */
export class BenchRunner {
  /** One file, as in the runner's image: it starts at once. */
  readonly #program = standalone(process.cwd(), "bench/faults/agent.ts");
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #log: number;
  #child: ChildProcess | undefined;
  #wanted = true;

  private constructor(
    file: string,
    env: NodeJS.ProcessEnv,
    log: string,
    readonly settings: RunnerSettings,
  ) {
    this.#file = file;
    this.#env = env;
    this.#log = openSync(log, "a");
  }

  /** Takes the place of the stack's own runner, which is stopped. `changes` to its settings. */
  static async inPlaceOf(
    name: string,
    folder: string,
    endpoint: string,
    change: (settings: RunnerSettings) => RunnerSettings,
  ): Promise<BenchRunner> {
    const container = new Docker().getContainer(name);
    await container.stop();
    const settings = change(RunnerSettings.parse(JSON.parse(await fileOf(container, RUNNER_FILES.settings))));
    const files = { config: join(folder, "aws-config"), credentials: join(folder, "aws-credentials") };
    writeFileSync(files.config, await fileOf(container, RUNNER_FILES.awsConfig), { mode: 0o600 });
    writeFileSync(files.credentials, await fileOf(container, RUNNER_FILES.awsCredentials), { mode: 0o600 });
    const file = join(folder, "runner.json");
    writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      AWS_ENDPOINT_URL: endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
    const runner = new BenchRunner(file, env, join(folder, "runner.log"), settings);
    runner.#start();
    return runner;
  }

  #start(): void {
    const child = spawn(process.execPath, [this.#program, this.#file], {
      env: this.#env,
      stdio: ["ignore", this.#log, this.#log],
    });
    // As Docker does with a container that ends.
    child.once("exit", () => {
      if (this.#wanted) this.#start();
    });
    this.#child = child;
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  stop(): void {
    this.#wanted = false;
    this.#child?.kill("SIGKILL");
  }
}
