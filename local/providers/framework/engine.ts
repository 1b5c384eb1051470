import { credentials } from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

/** Shows a warning beside the resource with this URN. */
export type Warn = (urn: string, message: string) => Promise<void>;

/** Warnings by way of the engine at this address, `127.0.0.1:<port>`: what a plugin prints, nobody sees. */
export function engineWarnings(address: string): Warn {
  const client = new service.EngineClient(address, credentials.createInsecure());
  return (urn, message) => {
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(message);
    // The work is done; that it could not be told is no reason to let it fail.
    return new Promise((resolve) => client.log(request, () => resolve()));
  };
}
