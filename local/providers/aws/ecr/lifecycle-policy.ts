import type { LifecyclePolicyArgs } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";
import { NO_REPOSITORY } from "./repository.ts";

const NO_POLICY = "LifecyclePolicyNotFoundException";

async function put(context: AwsContext, repositoryName: string, policy: unknown) {
  const lifecyclePolicyText = typeof policy === "string" ? policy : JSON.stringify(policy);
  const { registryId } = await (await context.ecr()).putLifecyclePolicy({
    repositoryName,
    lifecyclePolicyText,
  });
  return { registryId };
}

export const lifecyclePolicy: AwsResource<LifecyclePolicyArgs> = {
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  properties: {
    repository: { required: true, replace: true },
    policy: { required: true, json: true },
  },
  deleteBeforeReplace: true,
  async create(context, { repository, policy }) {
    return { id: repository, outputs: await put(context, repository, policy) };
  },
  async read(context, repository) {
    const ecr = await context.ecr();
    const found = await unlessGone(
      ecr.getLifecyclePolicy({ repositoryName: repository }),
      NO_POLICY,
      NO_REPOSITORY,
    );
    if (found?.lifecyclePolicyText === undefined) return undefined;
    return {
      inputs: { repository, policy: found.lifecyclePolicyText },
      outputs: { registryId: found.registryId },
    };
  },
  async update(context, repository, { policy }) {
    return await put(context, repository, policy);
  },
  async delete(context, repository) {
    const ecr = await context.ecr();
    await unlessGone(ecr.deleteLifecyclePolicy({ repositoryName: repository }), NO_POLICY, NO_REPOSITORY);
  },
};
