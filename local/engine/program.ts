import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";

/** A child process to start: what `child_process.spawn` takes. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What of a RunRequest decides how the program is started. */
export interface Run {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly rootDirectory: string;
  readonly pwd: string;
  /** Relative to `pwd`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly monitor: string;
  readonly engine: string;
  readonly dryRun: boolean;
  /** How many resources may be registered at once; 0 is the SDK's own choice. */
  readonly parallel: number;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** `runtime.options` of Pulumi.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Linux hands a program at most 128 KiB in one variable, its name and the closing zero included. */
const CONFIG_MAX_BYTES = 128 * 1024 - "PULUMI_CONFIG=".length - 1;

export function runFromRequest(request: RunRequest, engine: string): Run {
  const info = request.getInfo();
  return {
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    rootDirectory: info?.getRootDirectory() ?? request.getPwd(),
    pwd: info?.getProgramDirectory() ?? request.getPwd(),
    program: info?.getEntryPoint() ?? request.getProgram(),
    args: request.getArgsList(),
    monitor: request.getMonitorAddress(),
    engine,
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    config: Object.fromEntries(request.getConfigMap().toObject(false)),
    secretKeys: request.getConfigsecretkeysList(),
    options: (info?.getOptions()?.toJavaScript() as Record<string, unknown> | undefined) ?? {},
  };
}

/**
 * The command line and environment that the SDK's `cmd/run` reads
 * (`node_modules/@pulumi/pulumi/cmd/run/index.js`, `runtime/config.js`).
 * Throws where Pulumi.yaml asks for what only the official host does.
 */
export function programCommand(run: Run, entry: string, env: NodeJS.ProcessEnv): Command {
  const { typescript, nodeargs, ...unknown } = run.options;
  const names = Object.keys(unknown);
  if (typescript !== false || names.length > 0) {
    const found = typescript !== false ? `typescript: ${String(typescript ?? true)}` : names.join(", ");
    throw new Error(
      `Pulumi.yaml: runtime.options: found ${found}; expected typescript: false and nodeargs only`,
    );
  }
  const flags: readonly (readonly [string, string])[] = [
    ["--monitor", run.monitor],
    ["--engine", run.engine],
    ["--organization", run.organization],
    ["--project", run.project],
    ["--stack", run.stack],
    ["--root-directory", run.rootDirectory],
    ["--pwd", run.pwd],
    ["--parallel", run.parallel > 0 ? String(run.parallel) : ""],
  ];
  const config = JSON.stringify(run.config);
  const configBytes = Buffer.byteLength(config);
  if (configBytes > CONFIG_MAX_BYTES) {
    throw new Error(
      `the stack's config: found ${configBytes} bytes, expected at most ${CONFIG_MAX_BYTES}, since the SDK reads it from one environment variable`,
    );
  }
  const nodeArguments = String(nodeargs ?? "")
    .split(/\s+/)
    .filter((argument) => argument !== "");
  return {
    file: process.execPath,
    args: [
      ...nodeArguments,
      entry,
      ...flags.filter(([, value]) => value !== "").flat(),
      ...(run.dryRun ? ["--dry-run"] : []),
      run.program,
      ...run.args,
    ],
    cwd: run.pwd,
    env: {
      ...env,
      PULUMI_CONFIG: config,
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: "false",
    },
  };
}
