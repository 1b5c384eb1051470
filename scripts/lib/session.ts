import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writePrivate } from "../../local/cloud/aws.ts";
import { startCloud } from "../../local/cloud/cloud.ts";
import { takeLock } from "../../local/cloud/lock.js";
import type { CloudInfo, CloudSettings, Log } from "../../local/cloud/types.ts";
import { prepareEngineHome } from "../../local/engine/home.ts";
import { awsEmulatorPython } from "../setup-steps/aws-emulator.js";
import { createContext } from "../setup-steps/context.js";
import { findEngine } from "../setup-steps/engine.js";
import type { Arguments } from "./arguments.ts";
import { composeStackFile, planWriteBack, splitStackFile } from "./engine-config.ts";
import { engineEnvironment } from "./engine-environment.ts";
import { runCaptured } from "./engine-run.ts";
import { clearStaleLocks, hasStack } from "./engine-state.ts";
import { type LocalSettings, localSettings, readStackFile } from "./stack-file.ts";

/** A stack that lives on this machine. */
export interface LocalStack {
  readonly stateDir: string;
  readonly cloud: CloudInfo;
  /** The folder with the stack file that the engine gets. */
  readonly projectDir: string;
  readonly composedFile: string;
  /** Brings edits that the engine made to the stack file into the committed one. */
  readonly writeBack: () => void;
}

/** All that is needed to run engine commands on a stack. */
export interface Session {
  readonly root: string;
  readonly stack: string;
  /** The engine's executable. */
  readonly engine: string;
  readonly env: NodeJS.ProcessEnv;
  /** The committed stack file. */
  readonly stackFile: string;
  /** Nothing when the stack lives elsewhere: then environment, backend and credentials are the user's own. */
  readonly local: LocalStack | undefined;
}

/** A stack file, before anything is started. */
export interface StackFile {
  readonly root: string;
  readonly stateDir: string;
  readonly file: string;
  readonly text: string;
  readonly settings: LocalSettings | undefined;
}

/** Finds and reads a stack's file. */
export function openStackFile(args: Arguments): StackFile {
  const context = createContext();
  const stacks = readdirSync(join(context.root, "stacks")).flatMap(
    (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
  );
  // npm runs scripts in the project's folder; a path is meant from where the person is.
  const from = process.env.INIT_CWD ?? process.cwd();
  const file =
    args.configFile === undefined
      ? join(context.root, "stacks", `Pulumi.${args.stack}.yaml`)
      : resolve(from, args.configFile);
  const text = readStackFile(file, stacks);
  return { root: context.root, stateDir: context.state, file, text, settings: localSettings(text) };
}

/** What the local cloud has to know, from a stack file. */
export function cloudSettings(stateDir: string, settings: LocalSettings): CloudSettings {
  return { stateDir, ...settings, awsPython: awsEmulatorPython(createContext()) };
}

/** Gets everything ready for engine commands: of a stack on this machine the cloud, the plugins and the state. */
export async function openSession(args: Arguments, log: Log): Promise<Session> {
  const { root, stateDir, file, text, settings } = openStackFile(args);
  const engine = await findEngine(createContext());
  if (engine === undefined) throw new Error("the Pulumi CLI is missing: run scripts/setup");
  const base = { root, stack: args.stack, engine: engine.file, stackFile: file };
  if (settings === undefined) return { ...base, env: process.env, local: undefined };

  const home = join(stateDir, "home");
  const [cloud, plugins] = await Promise.all([
    startCloud(cloudSettings(stateDir, settings), log),
    prepareEngineHome(home),
  ]);
  if (plugins.length > 0) log(`engine: made ${plugins.join(", ")}`);
  for (const pid of clearStaleLocks(stateDir, args.stack)) {
    log(`engine: an earlier run (process ${pid}) was killed, its lock is removed`);
  }
  const env = engineEnvironment(process.env, {
    stateDir,
    home,
    stack: args.stack,
    cloud,
    appPrivateKey: readFileSync(cloud.github.app.privateKeyFile, "utf8"),
  });
  const local = await prepareProject({ ...base, env, stateDir, cloud, text }, log);
  return { ...base, env, local };
}

interface ProjectInputs {
  readonly root: string;
  readonly stack: string;
  readonly engine: string;
  readonly stackFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stateDir: string;
  readonly cloud: CloudInfo;
  readonly text: string;
}

/** Composes the stack file that the engine gets, and initializes the stack on first use. */
async function prepareProject(inputs: ProjectInputs, log: Log): Promise<LocalStack> {
  const { stateDir, stack, text, stackFile } = inputs;
  const projectDir = join(stateDir, "project");
  const composedFile = join(projectDir, `Pulumi.${stack}.yaml`);
  const saltFile = join(projectDir, `${stack}.salt`);
  mkdirSync(join(stateDir, "pulumi"), { recursive: true });
  mkdirSync(projectDir, { recursive: true });
  // The engine's own project file, less the program: this folder serves commands that need none.
  writeFileSync(join(projectDir, "Pulumi.yaml"), "name: hypriotos\nruntime: nodejs\n");
  const compose = () => {
    const salt = existsSync(saltFile) ? readFileSync(saltFile, "utf8") : undefined;
    writePrivate(composedFile, composeStackFile(text, salt));
  };
  const keepSalt = () => {
    const { salt } = splitStackFile(readFileSync(composedFile, "utf8"));
    if (salt !== undefined) writePrivate(saltFile, salt);
  };
  const release = await takeLock(join(stateDir, "project.lock"), () => undefined);
  try {
    const passphrase = join(stateDir, "passphrase");
    if (!existsSync(passphrase)) writePrivate(passphrase, randomBytes(24).toString("base64url"));
    compose();
    if (!hasStack(stateDir, stack)) {
      const result = await runCaptured(inputs, ["stack", "init", stack, "--non-interactive"], projectDir);
      if (result.code !== 0) throw new Error(`the stack cannot be initialized: ${result.output}`);
      log(`engine: stack ${stack} initialized in ${relative(inputs.root, stateDir) || stateDir}`);
    }
    keepSalt();
    // Once more, because the engine lays a file out anew when it puts the salt in, and that is no edit.
    compose();
  } finally {
    release();
  }
  const writeBack = () => {
    keepSalt();
    const composed = readFileSync(composedFile, "utf8");
    const plan = planWriteBack(text, composed, readFileSync(stackFile, "utf8"));
    if (plan.kind === "write") {
      writeFileSync(stackFile, plan.text);
      log(`${relative(inputs.root, stackFile)}: changed`);
    } else if (plan.kind === "conflict") {
      log(
        `${relative(inputs.root, stackFile)}: was edited meanwhile, the engine's own changes are in ${composedFile}`,
      );
    }
  };
  return { stateDir, cloud: inputs.cloud, projectDir, composedFile, writeBack };
}
