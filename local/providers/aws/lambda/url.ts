import type { FunctionUrlAuthType, InvokeMode } from "@aws-sdk/client-lambda";
import type { FunctionUrlArgs } from "@pulumi/aws/lambda/functionUrl.js";
import { AlreadyExists } from "../../framework/errors.ts";
import { given, hasCode, unlessGone } from "../common.ts";
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
