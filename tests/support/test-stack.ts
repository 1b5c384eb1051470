import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { type Document, parseDocument } from "yaml";
import { type CloudInfo, cloudSchema } from "../../local/cloud/types.ts";
import { freePort } from "./free-port.ts";
import { type Ended, type Running, start } from "./run.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** One resource as `pulumi stack export` shows it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** URNs of what is made before it, and goes after it. */
  readonly dependencies?: readonly string[];
}

/**
 * The whole pipeline in a state folder of its own, on a cloud of its own: stack file, AWS, GitHub, engine state.
 * Driven by the commands that people use.
 */
export class TestStack {
  readonly name: string;
  readonly folder: string;
  /** The stack file. */
  readonly file: string;
  /** What commands find in their environment beside this process's own. */
  env: NodeJS.ProcessEnv = {};

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
    this.file = join(folder, `Pulumi.${name}.yaml`);
  }

  /** `from` is the stack file that this one is a copy of, but for where the clouds are. `topic` is part of its name. */
  static async create(
    topic: string,
    // Containers are named after the stack, and another run of the same test may use the same Docker daemon.
    { from = "local", name = `${topic}-${randomBytes(3).toString("hex")}` } = {},
  ): Promise<TestStack> {
    const stack = new TestStack(name, mkdtempSync(join(tmpdir(), `hypriotos-${topic}-`)));
    const text = readFileSync(join(ROOT, "stacks", `Pulumi.${from}.yaml`), "utf8");
    writeFileSync(stack.file, text);
    // As in a work tree of this project: what runs below it must not take after it.
    writeFileSync(join(stack.folder, "package.json"), '{ "type": "module" }\n');
    const [aws, github] = [await freePort(), await freePort()];
    stack.edit((config) => {
      config.setIn(["config", "hypriotos:providers", "aws", "endpoint"], `http://127.0.0.1:${aws}`);
      config.setIn(["config", "hypriotos:providers", "github", "baseUrl"], `http://127.0.0.1:${github}/`);
    });
    return stack;
  }

  get stateDir(): string {
    return join(this.folder, "state");
  }

  /** Nothing was started or made: there is no state folder. */
  isUntouched(): boolean {
    return !existsSync(this.stateDir);
  }

  /** Changes the stack file as an editor would. */
  edit(change: (config: Document) => void): void {
    const document = parseDocument(readFileSync(this.file, "utf8"));
    change(document);
    writeFileSync(this.file, document.toString());
  }

  /** Starts `npm run <command>` on this stack. */
  start(
    command:
      | "add-board"
      | "adopt"
      | "audit"
      | "drift"
      | "history"
      | "up"
      | "down"
      | "preview"
      | "pulumi"
      | "status",
    ...args: string[]
  ): Running {
    const options = ["--stack", this.name, "--config-file", this.file];
    return start(process.execPath, ["--import", "tsx", `scripts/${command}.ts`, ...options, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...this.env, HYPRIOTOS_LOCAL: this.stateDir, INIT_CWD: ROOT },
    });
  }

  /** Runs `npm run <command>` to its end, whatever its end is. */
  try(command: Parameters<TestStack["start"]>[0], ...args: string[]): Promise<Ended> {
    return this.start(command, ...args).ended;
  }

  /** Runs `npm run <command>`; one that fails is an error with all that it printed. */
  async run(command: Parameters<TestStack["start"]>[0], ...args: string[]): Promise<string> {
    const { code, output } = await this.try(command, ...args);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${code}:\n${output}`);
    return output;
  }

  get cloud(): CloudInfo {
    return cloudSchema.parse(JSON.parse(readFileSync(join(this.stateDir, "cloud.json"), "utf8")));
  }

  /** What an AWS client is made with to see this stack's AWS as its root user. */
  get aws() {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.cloud.aws;
    return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  }

  /** A client of this stack's GitHub, as the organization's owner. */
  get github(): Octokit {
    const { baseUrl, token } = this.cloud.github;
    return new Octokit({ baseUrl: baseUrl.replace(/\/$/, ""), auth: token });
  }

  /** The resources in state, secrets encrypted. */
  async resources(): Promise<readonly StateResource[]> {
    const exported = await this.run("pulumi", "stack", "export");
    const state = JSON.parse(exported.slice(exported.indexOf("{")));
    return state.deployment.resources ?? [];
  }

  /** The stack's outputs, secrets masked. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.run("pulumi", "stack", "output", "--json");
    return JSON.parse(text.slice(text.indexOf("{")));
  }

  /** Destroys what is there and forgets everything. */
  async remove(): Promise<void> {
    await this.try("down", "--force", "--purge");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
