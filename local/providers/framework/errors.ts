import { isObject, type PropertyMap } from "./values.ts";

/**
 * The resource exists but a later step of its creation failed. The engine records it with its id, so that the
 * next `up` calls `update` with all inputs and the resource is not lost.
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: PropertyMap;

  constructor(id: string, outputs: PropertyMap, cause: unknown) {
    super(causeOf(cause), { cause });
    this.name = "PartialFailure";
    this.id = id;
    this.outputs = outputs;
  }
}

/**
 * `create` found one with this name. An engine that was killed half way leaves such resources behind; the
 * framework adopts one that is just what the program asks for, and refuses any other.
 */
export class AlreadyExists extends Error {
  readonly id: string;

  constructor(id: string, cause?: unknown) {
    super(cause === undefined ? `${id} exists already` : causeOf(cause), { cause });
    this.name = "AlreadyExists";
    this.id = id;
  }
}

/** Runs what follows the creation of a resource; its failure is reported together with the id. */
export async function afterCreate(
  id: string,
  outputs: PropertyMap,
  step: () => Promise<unknown>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw new PartialFailure(id, outputs, error);
  }
}

/** The service's name of what went wrong: AWS gives it as `name`, Octokit as `status`, Docker as `statusCode`. */
function serviceCode(error: PropertyMap): string | undefined {
  const metadata = isObject(error.$metadata) ? error.$metadata : {};
  const status = metadata.httpStatusCode ?? error.status ?? error.statusCode;
  const name = typeof error.name === "string" ? error.name : undefined;
  const code = typeof error.code === "string" ? error.code : undefined;
  const named = code ?? (name === "Error" || name === "HttpError" ? undefined : name);
  const parts = [named, typeof status === "number" ? String(status) : undefined].filter((part) => part);
  return parts.length === 0 ? undefined : parts.join(" ");
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof PartialFailure || error instanceof AlreadyExists) return error.message;
  // An AggregateError (a refused connection on every address of a host) has an empty message of its own.
  const message =
    error instanceof AggregateError && error.message === ""
      ? error.errors.map((inner) => (inner instanceof Error ? inner.message : String(inner))).join("; ")
      : error.message;
  const code = serviceCode({ ...error, name: error.name });
  return code === undefined || code === "Error" ? message : `${code}: ${message}`;
}

/** One line: operation, resource, the service's code, message. Credentials in a URL are left out. */
export function describeError(operation: string, resource: string, error: unknown): string {
  return `${operation} ${resource}: ${causeOf(error)}`.replace(/:\/\/[^/\s@]*@/g, "://");
}
