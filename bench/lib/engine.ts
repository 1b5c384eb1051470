import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installPlugin } from "../../local/engine/plugin.ts";
import { stateUrl } from "../../scripts/lib/engine-environment.ts";
import type { Session } from "../../scripts/lib/session.ts";
import { type Measured, measure } from "./measure.ts";

/** Runs an engine command on the pipeline's program, without the scripts around it. */
export function onPipeline(session: Session, command: string, ...options: string[]): Promise<Measured> {
  const file = session.local?.composedFile ?? session.stackFile;
  return measure(session.engine, [command, "--non-interactive", "--config-file", file, ...options], {
    cwd: session.root,
    env: session.env,
  });
}

/** The program that registers resources that do nothing, in a state of its own. */
export class EmptyStack {
  readonly #session: Session;
  readonly #env: NodeJS.ProcessEnv;
  readonly #project: string;

  private constructor(session: Session, env: NodeJS.ProcessEnv, project: string) {
    this.#session = session;
    this.#env = env;
    this.#project = project;
  }

  static async create(session: Session, folder: string): Promise<EmptyStack> {
    await installPlugin(join(session.env.PULUMI_HOME ?? "", "plugins"), {
      folder: "resource-empty-v0.0.1",
      executable: "pulumi-resource-empty",
      entry: "bench/empty/provider/main.ts",
      shared: ["local/providers/framework"],
    });
    const state = join(folder, "empty");
    mkdirSync(state, { recursive: true });
    const { PULUMI_STACK: _, ...env } = session.env;
    // A copy, because the engine writes settings beside the program; below the packages that it imports.
    const project = join(session.root, "dist", "bench-empty");
    rmSync(project, { recursive: true, force: true });
    cpSync(join(session.root, "bench", "empty", "program"), project, { recursive: true });
    const stack = new EmptyStack(session, { ...env, PULUMI_BACKEND_URL: stateUrl(state) }, project);
    await stack.#run("stack", "init", "empty");
    return stack;
  }

  /** Beside these the program has its stack and the provider of its custom resources. */
  async resize(components: number, custom: number): Promise<void> {
    const set = ["config", "set-all", "--stack", "empty"];
    await this.#run(...set, "--plaintext", `components=${components}`, "--plaintext", `custom=${custom}`);
  }

  #run(...args: string[]): Promise<Measured> {
    return measure(this.#session.engine, [...args, "--non-interactive"], {
      cwd: this.#project,
      env: this.#env,
    });
  }

  run(command: string, ...options: string[]): Promise<Measured> {
    return this.#run(command, "--stack", "empty", ...options);
  }
}
