import type { FunctionUrlAuthType, InvokeMode, Lambda } from "@aws-sdk/client-lambda";
import type { FunctionEventInvokeConfigArgs } from "@pulumi/aws/lambda/functionEventInvokeConfig.js";
import type { FunctionUrlArgs } from "@pulumi/aws/lambda/functionUrl.js";
import { AlreadyExists } from "../../framework/errors.ts";
import type { Inputs } from "../../framework/resource.ts";
import { defined, given, hasCode, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";
import { NO_FUNCTION } from "./function.ts";

/**
 * The emulator names Amazon's host, `https://<id>.lambda-url.<region>.on.aws/`, but answers at its own address under
 * a path: that is the URL that works.
 */
function urlOutputs(context: AwsContext, url: string | undefined, arn: string | undefined) {
  const urlId = new URL(given(url, "function URL")).hostname.split(".")[0];
  return { functionUrl: `${context.lambdaEndpoint}/_aws/lambda-url/${urlId}/`, functionArn: arn, urlId };
}

export const functionUrl: AwsResource<FunctionUrlArgs> = {
  type: "aws:lambda/functionUrl:FunctionUrl",
  properties: {
    functionName: { required: true, replace: true },
    authorizationType: { required: true },
    invokeMode: { default: "BUFFERED" },
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const name = inputs.functionName as string;
    const lambda = await context.lambda();
    try {
      const { FunctionUrl, FunctionArn } = await lambda.createFunctionUrlConfig({
        FunctionName: name,
        AuthType: inputs.authorizationType as FunctionUrlAuthType,
        InvokeMode: inputs.invokeMode as InvokeMode,
      });
      return { id: name, outputs: urlOutputs(context, FunctionUrl, FunctionArn) };
    } catch (error) {
      throw hasCode(error, "ResourceConflictException") ? new AlreadyExists(name, error) : error;
    }
  },
  async read(context, name) {
    const lambda = await context.lambda();
    const found = await unlessGone(lambda.getFunctionUrlConfig({ FunctionName: name }), NO_FUNCTION);
    if (found === undefined) return undefined;
    return {
      inputs: {
        functionName: name,
        authorizationType: given(found.AuthType, "authorization type"),
        invokeMode: found.InvokeMode ?? "BUFFERED",
      },
      outputs: urlOutputs(context, found.FunctionUrl, found.FunctionArn),
    };
  },
  async update(context, name, inputs) {
    const { FunctionUrl, FunctionArn } = await (await context.lambda()).updateFunctionUrlConfig({
      FunctionName: name,
      AuthType: inputs.authorizationType as FunctionUrlAuthType,
      InvokeMode: inputs.invokeMode as InvokeMode,
    });
    return urlOutputs(context, FunctionUrl, FunctionArn);
  },
  async delete(context, name) {
    await unlessGone((await context.lambda()).deleteFunctionUrlConfig({ FunctionName: name }), NO_FUNCTION);
  },
};

function destination(arn: string | undefined): { Destination: string } | Record<string, never> {
  return arn ? { Destination: arn } : {};
}

async function putInvokeConfig(lambda: Lambda, name: string, inputs: Inputs<FunctionEventInvokeConfigArgs>) {
  const { onFailure, onSuccess } = inputs.destinationConfig ?? {};
  const { FunctionArn } = await lambda.putFunctionEventInvokeConfig(
    defined({
      FunctionName: name,
      MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds,
      MaximumRetryAttempts: inputs.maximumRetryAttempts,
      DestinationConfig: {
        OnFailure: destination(onFailure?.destination),
        OnSuccess: destination(onSuccess?.destination),
      },
    }),
  );
  return { functionArn: FunctionArn };
}

export const functionEventInvokeConfig: AwsResource<FunctionEventInvokeConfigArgs> = {
  type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  properties: {
    functionName: { required: true, replace: true },
    destinationConfig: { fields: { onFailure: { destination: true }, onSuccess: { destination: true } } },
    maximumEventAgeInSeconds: { default: 21_600 },
    maximumRetryAttempts: { default: 2 },
  },
  async create(context, inputs) {
    const outputs = await putInvokeConfig(await context.lambda(), inputs.functionName, inputs);
    return { id: inputs.functionName, outputs };
  },
  async read(context, name) {
    const lambda = await context.lambda();
    const found = await unlessGone(lambda.getFunctionEventInvokeConfig({ FunctionName: name }), NO_FUNCTION);
    if (found === undefined) return undefined;
    const failure = found.DestinationConfig?.OnFailure?.Destination;
    const success = found.DestinationConfig?.OnSuccess?.Destination;
    return {
      inputs: {
        functionName: name,
        destinationConfig:
          failure || success
            ? {
                onFailure: failure ? { destination: failure } : undefined,
                onSuccess: success ? { destination: success } : undefined,
              }
            : undefined,
        maximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
        maximumRetryAttempts: found.MaximumRetryAttempts,
      },
      outputs: { functionArn: found.FunctionArn },
    };
  },
  async update(context, name, inputs) {
    return putInvokeConfig(await context.lambda(), name, inputs);
  },
  async delete(context, name) {
    const lambda = await context.lambda();
    await unlessGone(lambda.deleteFunctionEventInvokeConfig({ FunctionName: name }), NO_FUNCTION);
  },
};
