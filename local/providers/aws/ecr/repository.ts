import type { ImageTagMutability, Repository } from "@aws-sdk/client-ecr";
import type { RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import { AlreadyExists } from "../../framework/errors.ts";
import { given, hasCode, retag, type Tags, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

export const NO_REPOSITORY = "RepositoryNotFoundException";

const MUTABLE = "MUTABLE";

function outputsOf(found: Repository, tags: Tags | undefined) {
  return {
    arn: given(found.repositoryArn, "repository ARN"),
    registryId: given(found.registryId, "registry id"),
    repositoryUrl: given(found.repositoryUri, "repository URI"),
    tagsAll: tags ?? {},
  };
}

async function find(context: AwsContext, name: string): Promise<Repository | undefined> {
  const ecr = await context.ecr();
  const found = await unlessGone(ecr.describeRepositories({ repositoryNames: [name] }), NO_REPOSITORY);
  return found?.repositories?.[0];
}

export const repository: AwsResource<RepositoryArgs> = {
  type: "aws:ecr/repository:Repository",
  properties: {
    name: { required: true, replace: true },
    imageTagMutability: { default: MUTABLE },
    imageScanningConfiguration: { fields: { scanOnPush: true } },
    // Not ECR's but the provider's own: it decides what a deletion does.
    forceDelete: { writeOnly: true },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { name = "", imageTagMutability, imageScanningConfiguration, tags }) {
    const ecr = await context.ecr();
    const { repository: made } = await ecr
      .createRepository({
        repositoryName: name,
        imageTagMutability: imageTagMutability as ImageTagMutability,
        ...(imageScanningConfiguration ? { imageScanningConfiguration } : {}),
        tags: tagList(tags),
      })
      .catch((error: unknown) => {
        throw hasCode(error, "RepositoryAlreadyExistsException") ? new AlreadyExists(name, error) : error;
      });
    return { id: name, outputs: outputsOf(given(made, "repository"), tags) };
  },
  async read(context, name, prior) {
    const found = await find(context, name);
    if (found === undefined) return undefined;
    const { tags: list } = await (await context.ecr()).listTagsForResource({
      resourceArn: found.repositoryArn,
    });
    const tags = tagMap(list);
    const scanOnPush = found.imageScanningConfiguration?.scanOnPush ?? false;
    return {
      inputs: {
        name,
        imageTagMutability: found.imageTagMutability,
        imageScanningConfiguration:
          scanOnPush || prior?.inputs.imageScanningConfiguration ? { scanOnPush } : undefined,
        tags,
      },
      outputs: outputsOf(found, tags),
    };
  },
  async update(context, name, { imageTagMutability, imageScanningConfiguration, tags }, prior) {
    const ecr = await context.ecr();
    await ecr.putImageTagMutability({
      repositoryName: name,
      imageTagMutability: imageTagMutability as ImageTagMutability,
    });
    await ecr.putImageScanningConfiguration({
      repositoryName: name,
      imageScanningConfiguration: { scanOnPush: imageScanningConfiguration?.scanOnPush ?? false },
    });
    const found = given(await find(context, name), "repository");
    const resourceArn = given(found.repositoryArn, "repository ARN");
    await retag(
      prior.inputs.tags,
      tags,
      (set) => ecr.tagResource({ resourceArn, tags: tagList(set) }),
      (tagKeys) => ecr.untagResource({ resourceArn, tagKeys }),
    );
    return outputsOf(found, tags);
  },
  async delete(context, name, { inputs }) {
    const ecr = await context.ecr();
    const force = inputs.forceDelete === true;
    await unlessGone(ecr.deleteRepository({ repositoryName: name, force }), NO_REPOSITORY);
  },
};
