import type { GetCallerIdentityArgs } from "@pulumi/aws/getCallerIdentity.js";
import type { FunctionHandler } from "../framework/resource.ts";
import type { AwsContext } from "./context.ts";

export const getCallerIdentity: FunctionHandler<GetCallerIdentityArgs, AwsContext> = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  arguments: { id: {} },
  async call(context) {
    const { Account, Arn, UserId } = await (await context.sts()).getCallerIdentity({});
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
};
