import { fstatSync } from "node:fs";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineWarnings, type Warn } from "./engine.ts";
import { type ProviderDefinition, providerService } from "./service.ts";

export type { ProviderDefinition } from "./service.ts";

/** Listens on a free port of 127.0.0.1 and resolves with the port and a function that closes at once. */
export function listen<Context>(
  provider: ProviderDefinition<Context>,
  warn: Warn,
): Promise<{ readonly port: number; close(): void }> {
  // An archive travels in one message.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(grpc.ResourceProviderService, providerService(provider, warn));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, close: () => server.forceShutdown() });
    });
  });
}

/**
 * Runs a provider as a plugin process: prints its port, as the engine expects, and ends when the engine
 * interrupts it or is gone. A plugin has a process group of its own, so nothing else would end it then.
 */
export async function serveProvider<Context>(provider: ProviderDefinition<Context>): Promise<void> {
  // The engine's own address is the last argument.
  const engine = process.argv.at(-1) ?? "";
  const { port } = await listen(provider, engineWarnings(engine));
  console.log(port);
  const stdin = fstatSync(0);
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on("end", () => process.exit(0)).resume();
}
