import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import * as grpc from "@grpc/grpc-js";
import sdk from "@pulumi/pulumi/package.json" with { type: "json" };
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { policyPackCommand } from "./policy-pack.ts";
import { type Command, programCommand, runFromRequest } from "./program.ts";

/** The SDK's runner exits with it after it has told the user what is wrong: say no more. */
const EXIT_ALREADY_REPORTED = 32;

/** The SDK is the program's own: two copies of it would not know each other's resources. */
function sdkOf(folder: string): NodeJS.Require {
  return createRequire(join(folder, "package.json"));
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function runResult(
  code: number | null,
  signal: NodeJS.Signals | null,
): InstanceType<typeof language.RunResponse> {
  const response = new language.RunResponse();
  if (code === EXIT_ALREADY_REPORTED) response.setBail(true);
  else if (signal !== null) response.setError(`the program was ended by ${signal}`);
  else if (code !== 0) response.setError(`the program exited with ${code}`);
  return response;
}

/**
 * Serves `pulumirpc.LanguageRuntime` for Node.js programs: it starts the SDK's own `cmd/run` as the official
 * host does. A CLI that is built from its Go module has no such host beside it.
 * Resolves with the port on 127.0.0.1.
 */
export async function serveLanguageHost(engine: string): Promise<number> {
  const running = new Set<ChildProcess>();

  function start(command: Command): ChildProcess {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    return child;
  }

  async function run(
    call: ServerUnaryCall<
      InstanceType<typeof language.RunRequest>,
      InstanceType<typeof language.RunResponse>
    >,
    callback: sendUnaryData<InstanceType<typeof language.RunResponse>>,
  ): Promise<void> {
    try {
      const program = runFromRequest(call.request, engine);
      const entry = sdkOf(program.pwd).resolve("@pulumi/pulumi/cmd/run");
      const child = start(programCommand(program, entry, process.env));
      // The engine shows what a language host prints as the program's output.
      child.stdout?.pipe(process.stdout, { end: false });
      child.stderr?.pipe(process.stderr, { end: false });
      const { code, signal } = await exitOf(child);
      callback(null, runResult(code, signal));
    } catch (error) {
      const response = new language.RunResponse();
      response.setError(error instanceof Error ? error.message : String(error));
      callback(null, response);
    }
  }

  /** The engine reads the port that a policy pack prints, and ends the call when it needs the pack no more. */
  function runPlugin(
    call: ServerWritableStream<
      InstanceType<typeof language.RunPluginRequest>,
      InstanceType<typeof language.RunPluginResponse>
    >,
  ): void {
    const answer = (fill: (response: InstanceType<typeof language.RunPluginResponse>) => unknown) => {
      const response = new language.RunPluginResponse();
      fill(response);
      call.write(response);
    };
    try {
      const child = start(policyPackCommand(call.request, process.env));
      child.stdout?.on("data", (data: Buffer) => answer((response) => response.setStdout(data)));
      child.stderr?.on("data", (data: Buffer) => answer((response) => response.setStderr(data)));
      call.on("cancelled", () => child.kill("SIGTERM"));
      child.once("error", (error) => call.destroy(error));
      child.once("close", (code) => {
        answer((response) => response.setExitcode(code ?? 1));
        call.end();
      });
    } catch (error) {
      call.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function stop(): void {
    for (const child of running) child.kill("SIGTERM");
  }

  function installDependencies(
    call: ServerWritableStream<
      InstanceType<typeof language.InstallDependenciesRequest>,
      InstanceType<typeof language.InstallDependenciesResponse>
    >,
  ): void {
    const response = new language.InstallDependenciesResponse();
    response.setStdout(Buffer.from("Set-up installs the packages: run `npm run up`.\n"));
    call.write(response);
    call.end();
  }

  const server = new grpc.Server();
  server.addService(languageService.LanguageRuntimeService, {
    run: (call: Parameters<typeof run>[0], callback: Parameters<typeof run>[1]) => void run(call, callback),
    runPlugin,
    installDependencies,
    handshake: (_call: unknown, callback: sendUnaryData<unknown>) =>
      callback(null, new language.LanguageHandshakeResponse()),
    getPluginInfo: (_call: unknown, callback: sendUnaryData<unknown>) => {
      const info = new plugin.PluginInfo();
      info.setVersion(sdk.version);
      callback(null, info);
    },
    // The engine finds the providers in its home folder by the versions that the resources ask for.
    getRequiredPackages: (_call: unknown, callback: sendUnaryData<unknown>) =>
      callback(null, new language.GetRequiredPackagesResponse()),
    about: (_call: unknown, callback: sendUnaryData<unknown>) => {
      const about = new language.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      callback(null, about);
    },
    cancel: (_call: unknown, callback: sendUnaryData<unknown>) => {
      stop();
      callback(null, new empty.Empty());
    },
  });
  process.once("SIGTERM", () => {
    stop();
    process.exit(0);
  });

  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
