import type { ServerUnaryCall, ServiceError, sendUnaryData } from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import google from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { describeError, PartialFailure } from "./errors.ts";
import type { Difference } from "./operations.ts";
import type { CheckFailure } from "./resource.ts";
import { type PropertyMap, toStruct } from "./values.ts";

/** What gRPC calls a failed call, with the id of a resource that exists half made. */
function failure(operation: string, resource: string, error: unknown): Partial<ServiceError> {
  const message = describeError(operation, resource, error);
  if (!(error instanceof PartialFailure)) return { code: status.UNKNOWN, details: message };
  const detail = new rpc.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.outputs));
  detail.setReasonsList([message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rich = new google.Status();
  rich.setCode(status.UNKNOWN);
  rich.setMessage(message);
  rich.addDetails(packed);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

export function unary<Request, Response>(
  operation: string,
  subject: (request: Request) => string,
  answer: (request: Request) => Response | Promise<Response>,
) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(failure(operation, subject(call.request), error)),
      );
  };
}

export function checkResponse(inputs: PropertyMap, failures: readonly CheckFailure[]) {
  const response = new rpc.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const entry = new rpc.CheckFailure();
      // Given a property, the engine prints its whole value, secrets in it too: the name goes into the sentence.
      entry.setReason(property === "" ? reason : `${property}: ${reason}`);
      return entry;
    }),
  );
  return response;
}

export interface Named {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

export const named = (request: Named): string => `${request.getType()} ${request.getName()}`;

const KINDS = {
  add: [rpc.PropertyDiff.Kind.ADD, rpc.PropertyDiff.Kind.ADD_REPLACE],
  delete: [rpc.PropertyDiff.Kind.DELETE, rpc.PropertyDiff.Kind.DELETE_REPLACE],
  update: [rpc.PropertyDiff.Kind.UPDATE, rpc.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

export function diffResponse(difference: Difference) {
  const response = new rpc.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  response.setChanges(difference.changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(difference.changes.map((change) => change.property))]);
  response.setReplacesList([...difference.replaces]);
  response.setDeletebeforereplace(difference.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of difference.changes) {
    const entry = new rpc.PropertyDiff();
    entry.setKind(KINDS[change.kind][change.replace ? 1 : 0]);
    entry.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, entry);
  }
  return response;
}
