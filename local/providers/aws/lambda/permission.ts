import type { FunctionUrlAuthType, Lambda } from "@aws-sdk/client-lambda";
import type { PermissionArgs } from "@pulumi/aws/lambda/permission.js";
import { AlreadyExists } from "../../framework/errors.ts";
import type { Inputs } from "../../framework/resource.ts";
import { isObject, type PropertyMap } from "../../framework/values.ts";
import { defined, hasCode, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { NO_FUNCTION } from "./function.ts";

type PermissionInputs = Inputs<PermissionArgs>;

async function findStatement(lambda: Lambda, name: string, sid: string): Promise<PropertyMap | undefined> {
  const found = await unlessGone(lambda.getPolicy({ FunctionName: name }), NO_FUNCTION);
  const policy: unknown = JSON.parse(found?.Policy ?? "{}");
  const statements = isObject(policy) && Array.isArray(policy.Statement) ? policy.Statement : [];
  return statements.filter(isObject).find((statement) => statement.Sid === sid);
}

/** A condition's value, whatever the operator: the service writes `ArnLike`, `StringEquals` and `Bool` itself. */
function condition(statement: PropertyMap, key: string): string | undefined {
  if (!isObject(statement.Condition)) return undefined;
  for (const operands of Object.values(statement.Condition)) {
    if (!isObject(operands)) continue;
    const entry = Object.entries(operands).find(([name]) => name.toLowerCase() === key.toLowerCase());
    if (entry) return String(entry[1]);
  }
  return undefined;
}

function principalOf(statement: PropertyMap): string {
  const { Principal: principal } = statement;
  if (!isObject(principal)) return String(principal);
  return String(principal.Service ?? principal.AWS);
}

function fromStatement(
  name: string,
  sid: string,
  statement: PropertyMap,
  prior: PermissionInputs | undefined,
) {
  const principal = principalOf(statement);
  // An account's number is written as the ARN of its root user.
  const account = /^arn:aws:iam::(\d+):root$/.exec(principal)?.[1];
  return {
    function: name,
    statementId: sid,
    action: String(statement.Action),
    principal: account !== undefined && prior?.principal === account ? account : principal,
    principalOrgId: condition(statement, "aws:PrincipalOrgID"),
    sourceArn: condition(statement, "AWS:SourceArn"),
    sourceAccount: condition(statement, "AWS:SourceAccount"),
    functionUrlAuthType: condition(statement, "lambda:FunctionUrlAuthType"),
    invokedViaFunctionUrl: condition(statement, "lambda:InvokedViaFunctionUrl") === "true" ? true : undefined,
  };
}

const FIXED = { replace: true } as const;

export const permission: AwsResource<PermissionArgs> = {
  type: "aws:lambda/permission:Permission",
  properties: {
    statementId: { required: true, replace: true },
    function: { required: true, replace: true },
    action: { required: true, replace: true },
    principal: { required: true, replace: true },
    principalOrgId: FIXED,
    sourceArn: FIXED,
    sourceAccount: FIXED,
    functionUrlAuthType: FIXED,
    invokedViaFunctionUrl: FIXED,
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const { statementId = "" } = inputs;
    const name = inputs.function as string;
    const lambda = await context.lambda();
    try {
      await lambda.addPermission(
        defined({
          FunctionName: name,
          StatementId: statementId,
          Action: inputs.action,
          Principal: inputs.principal,
          PrincipalOrgID: inputs.principalOrgId,
          SourceArn: inputs.sourceArn,
          SourceAccount: inputs.sourceAccount,
          FunctionUrlAuthType: inputs.functionUrlAuthType as FunctionUrlAuthType | undefined,
          InvokedViaFunctionUrl: inputs.invokedViaFunctionUrl,
        }),
      );
      return { id: statementId, outputs: {} };
    } catch (error) {
      throw hasCode(error, "ResourceConflictException")
        ? new AlreadyExists(`${name}/${statementId}`, error)
        : error;
    }
  },
  async read(context, id, prior) {
    // At import the id is `<function>/<statement id>`; in state it is the statement's alone.
    const [name = "", sid = ""] = prior ? [prior.inputs.function as string, id] : id.split("/");
    const statement = await findStatement(await context.lambda(), name, sid);
    if (statement === undefined) return undefined;
    return { id: sid, inputs: fromStatement(name, sid, statement, prior?.inputs), outputs: {} };
  },
  async delete(context, id, { inputs }) {
    const name = inputs.function as string;
    const lambda = await context.lambda();
    await unlessGone(lambda.removePermission({ FunctionName: name, StatementId: id }), NO_FUNCTION);
  },
};
