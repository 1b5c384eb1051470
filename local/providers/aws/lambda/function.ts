import type {
  Architecture,
  FunctionConfiguration,
  Lambda,
  LogFormat,
  Runtime,
  SystemLogLevel,
  TracingMode,
} from "@aws-sdk/client-lambda";
import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import { zipOf } from "../../framework/archive.ts";
import { same } from "../../framework/compare.ts";
import { AlreadyExists, afterCreate } from "../../framework/errors.ts";
import type { Inputs, Outputs } from "../../framework/resource.ts";
import { defined, given, hasCode, retag, type Tags, tagMap, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

export const NO_FUNCTION = "ResourceNotFoundException";
/** "No reservation": the function shares what the account has. */
const UNRESERVED = -1;
/**
 * Short between two looks, and not longer each time: the emulator is on this machine, a function is ready at once, and
 * the webhooks of all repositories wait for it.
 */
const PATIENCE = { maxWaitTime: 120, minDelay: 0.05, maxDelay: 0.05 };

type FunctionInputs = Inputs<FunctionArgs>;

function outputsOf(context: AwsContext, found: FunctionConfiguration, tags: Tags | undefined): Outputs {
  const arn = given(found.FunctionArn, "function ARN");
  return {
    arn,
    invokeArn: `arn:aws:apigateway:${context.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    qualifiedArn: `${arn}:${found.Version}`,
    version: found.Version,
    lastModified: found.LastModified,
    codeSha256: found.CodeSha256,
    sourceCodeSize: found.CodeSize,
    tagsAll: tags ?? {},
  };
}

function toConfiguration(inputs: FunctionInputs) {
  const { loggingConfig: log } = inputs;
  return defined({
    Role: inputs.role as string,
    Handler: inputs.handler,
    Runtime: inputs.runtime as Runtime | undefined,
    Description: inputs.description ?? "",
    Timeout: inputs.timeout,
    MemorySize: inputs.memorySize,
    Environment: { Variables: inputs.environment?.variables ?? {} },
    DeadLetterConfig: { TargetArn: inputs.deadLetterConfig?.targetArn ?? "" },
    EphemeralStorage: { Size: inputs.ephemeralStorage?.size ?? 512 },
    TracingConfig: { Mode: (inputs.tracingConfig?.mode ?? "PassThrough") as TracingMode },
    LoggingConfig:
      log &&
      defined({
        LogFormat: log.logFormat as LogFormat,
        LogGroup: log.logGroup,
        ApplicationLogLevel: log.applicationLogLevel as SystemLogLevel | undefined,
        SystemLogLevel: log.systemLogLevel as SystemLogLevel | undefined,
      }),
  });
}

function fromConfiguration(found: FunctionConfiguration, prior: FunctionInputs | undefined) {
  const variables = found.Environment?.Variables ?? {};
  const target = found.DeadLetterConfig?.TargetArn;
  const size = found.EphemeralStorage?.Size ?? 512;
  const mode = found.TracingConfig?.Mode ?? "PassThrough";
  const log = found.LoggingConfig;
  // Every function has these; they are told where they are managed or were changed.
  const plainLog = log?.LogFormat === "Text" && log.LogGroup === `/aws/lambda/${found.FunctionName}`;
  return {
    role: given(found.Role, "role"),
    handler: found.Handler,
    runtime: found.Runtime,
    description: found.Description || undefined,
    timeout: found.Timeout,
    memorySize: found.MemorySize,
    architectures: found.Architectures ?? ["x86_64"],
    environment: Object.keys(variables).length > 0 ? { variables } : undefined,
    deadLetterConfig: target ? { targetArn: target } : undefined,
    ephemeralStorage: prior?.ephemeralStorage || size !== 512 ? { size } : undefined,
    tracingConfig: prior?.tracingConfig || mode !== "PassThrough" ? { mode } : undefined,
    loggingConfig:
      log === undefined || (plainLog && !prior?.loggingConfig)
        ? undefined
        : {
            logFormat: given(log.LogFormat, "log format"),
            logGroup: prior?.loggingConfig?.logGroup || !plainLog ? log.LogGroup : undefined,
            applicationLogLevel: log.ApplicationLogLevel,
            systemLogLevel: log.SystemLogLevel,
          },
  };
}

/** The service takes no second change while it works on one. */
async function settled(lambda: Lambda, FunctionName: string): Promise<FunctionConfiguration> {
  const { waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2 } = await import("@aws-sdk/client-lambda");
  const patience = { client: lambda, ...PATIENCE };
  await waitUntilFunctionActiveV2(patience, { FunctionName });
  await waitUntilFunctionUpdatedV2(patience, { FunctionName });
  return given((await lambda.getFunction({ FunctionName })).Configuration, "configuration");
}

/** A role that was made a moment ago may not be known to the service yet: it then says that it cannot be assumed. */
async function onceRoleIsKnown<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const early =
        hasCode(error, "InvalidParameterValueException") && /cannot be assumed/.test(String(error));
      if (!early || attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 500));
    }
  }
}

async function putConcurrency(
  lambda: Lambda,
  FunctionName: string,
  reserved: number | undefined,
): Promise<void> {
  if (reserved === undefined || reserved === UNRESERVED)
    await lambda.deleteFunctionConcurrency({ FunctionName });
  else await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved });
}

export const lambdaFunction: AwsResource<FunctionArgs> = {
  type: "aws:lambda/function:Function",
  properties: {
    name: { required: true, replace: true },
    role: { required: true },
    handler: { required: true },
    runtime: { required: true },
    code: { required: true, writeOnly: true },
    architectures: { default: ["x86_64"] },
    deadLetterConfig: { fields: { targetArn: true } },
    description: {},
    environment: { fields: { variables: true } },
    ephemeralStorage: { fields: { size: true } },
    loggingConfig: {
      fields: { logFormat: true, logGroup: true, applicationLogLevel: true, systemLogLevel: true },
    },
    memorySize: { default: 128 },
    reservedConcurrentExecutions: { default: UNRESERVED },
    timeout: { default: 3 },
    tracingConfig: { fields: { mode: true } },
    tags: {},
  },
  deleteBeforeReplace: true,
  recomputed: ["lastModified", "codeSha256", "sourceCodeSize"],
  async create(context, inputs) {
    const { name = "", tags, reservedConcurrentExecutions: reserved } = inputs;
    const lambda = await context.lambda();
    const ZipFile = await zipOf(inputs.code);
    const configuration = toConfiguration(inputs);
    const { DeadLetterConfig, ...withoutDeadLetters } = configuration;
    const created = await onceRoleIsKnown(() =>
      lambda.createFunction({
        FunctionName: name,
        ...(inputs.deadLetterConfig ? configuration : withoutDeadLetters),
        Code: { ZipFile },
        Architectures: inputs.architectures as Architecture[],
        ...(tags ? { Tags: tags } : {}),
      }),
    ).catch((error: unknown) => {
      throw hasCode(error, "ResourceConflictException") ? new AlreadyExists(name, error) : error;
    });
    const outputs = outputsOf(context, created, tags);
    await afterCreate(name, outputs, async () => {
      await settled(lambda, name);
      if (reserved !== undefined && reserved !== UNRESERVED) await putConcurrency(lambda, name, reserved);
    });
    return { id: name, outputs };
  },
  async read(context, name, prior) {
    const lambda = await context.lambda();
    const found = await unlessGone(lambda.getFunction({ FunctionName: name }), NO_FUNCTION);
    if (found === undefined) return undefined;
    const configuration = given(found.Configuration, "configuration");
    const tags = tagMap(found.Tags);
    const recorded = prior?.outputs.codeSha256;
    return {
      inputs: {
        name,
        ...fromConfiguration(configuration, prior?.inputs),
        reservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions ?? UNRESERVED,
        tags,
        // The code is not read back, but its digest tells when somebody uploaded another.
        ...(recorded !== undefined && recorded !== configuration.CodeSha256 ? { code: undefined } : {}),
      },
      outputs: outputsOf(context, configuration, tags),
    };
  },
  async update(context, name, inputs, prior) {
    const lambda = await context.lambda();
    const configuration = toConfiguration(inputs);
    await settled(lambda, name);
    const architectures = { left: prior.inputs.architectures, right: inputs.architectures };
    const sameCode =
      same({}, prior.inputs.code, inputs.code) && same({}, architectures.left, architectures.right);
    if (!sameCode) {
      await lambda.updateFunctionCode({
        FunctionName: name,
        ZipFile: await zipOf(inputs.code),
        Architectures: inputs.architectures as Architecture[],
      });
      await settled(lambda, name);
    }
    // Each change takes the service a while, and creation applied the configuration in one call with the code.
    if (!same({}, toConfiguration(prior.inputs), configuration)) {
      await onceRoleIsKnown(() =>
        lambda.updateFunctionConfiguration({ FunctionName: name, ...configuration }),
      );
    }
    await putConcurrency(lambda, name, inputs.reservedConcurrentExecutions);
    const found = await settled(lambda, name);
    const Resource = given(found.FunctionArn, "function ARN");
    await retag(
      prior.inputs.tags,
      inputs.tags,
      (Tags) => lambda.tagResource({ Resource, Tags }),
      (TagKeys) => lambda.untagResource({ Resource, TagKeys }),
    );
    return outputsOf(context, found, inputs.tags);
  },
  async delete(context, name) {
    await unlessGone((await context.lambda()).deleteFunction({ FunctionName: name }), NO_FUNCTION);
  },
};
