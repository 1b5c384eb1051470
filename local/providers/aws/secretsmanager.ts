import { randomUUID } from "node:crypto";
import type { SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { SecretVersionArgs } from "@pulumi/aws/secretsmanager/secretVersion.js";
import { AlreadyExists } from "../framework/errors.ts";
import { given, hasCode, retag, type Tags, tagList, tagMap, unlessGone } from "./common.ts";
import type { AwsContext, AwsResource } from "./context.ts";

const GONE = "ResourceNotFoundException";
/** A secret that is being deleted still has its name, but no value and no use. */
const MARKED_FOR_DELETION = "InvalidRequestException";
const CURRENT = "AWSCURRENT";

function outputsOf(arn: string, tags: Tags | undefined) {
  return { arn, tagsAll: tags ?? {} };
}

export const secret: AwsResource<SecretArgs> = {
  type: "aws:secretsmanager/secret:Secret",
  properties: {
    name: { required: true, replace: true },
    description: {},
    kmsKeyId: {},
    // Not kept by the service: it decides what a deletion does.
    recoveryWindowInDays: { default: 30, writeOnly: true },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { name = "", description, kmsKeyId, tags }) {
    const secrets = await context.secretsmanager();
    try {
      const { ARN } = await secrets.createSecret({
        Name: name,
        Tags: tagList(tags),
        ...(description ? { Description: description } : {}),
        ...(kmsKeyId ? { KmsKeyId: kmsKeyId } : {}),
      });
      const arn = given(ARN, "secret ARN");
      return { id: arn, outputs: outputsOf(arn, tags) };
    } catch (error) {
      if (!hasCode(error, "ResourceExistsException")) throw error;
      const { ARN, DeletedDate } = await secrets.describeSecret({ SecretId: name });
      if (DeletedDate !== undefined) {
        throw new Error(
          `a secret named ${name} waits for its deletion: restore it, or delete it without recovery`,
        );
      }
      throw new AlreadyExists(given(ARN, "secret ARN"), error);
    }
  },
  async read(context, id, prior) {
    const secrets = await context.secretsmanager();
    const found = await unlessGone(secrets.describeSecret({ SecretId: id }), GONE);
    if (found === undefined || found.DeletedDate !== undefined) return undefined;
    const arn = given(found.ARN, "secret ARN");
    const tags = tagMap(found.Tags);
    return {
      id: arn,
      inputs: {
        name: given(found.Name, "name"),
        description: found.Description || undefined,
        kmsKeyId: found.KmsKeyId,
        recoveryWindowInDays: prior?.inputs.recoveryWindowInDays ?? 30,
        tags,
      },
      outputs: outputsOf(arn, tags),
    };
  },
  async update(context, id, { description, kmsKeyId, tags }, prior) {
    const secrets = await context.secretsmanager();
    await secrets.updateSecret({
      SecretId: id,
      Description: description ?? "",
      ...(kmsKeyId ? { KmsKeyId: kmsKeyId } : {}),
    });
    await retag(
      prior.inputs.tags,
      tags,
      (set) => secrets.tagResource({ SecretId: id, Tags: tagList(set) }),
      (TagKeys) => secrets.untagResource({ SecretId: id, TagKeys }),
    );
    return outputsOf(id, tags);
  },
  async delete(context, id, { inputs }) {
    const secrets = await context.secretsmanager();
    const days = inputs.recoveryWindowInDays ?? 30;
    const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
    await unlessGone(secrets.deleteSecret({ SecretId: id, ...how }), GONE, MARKED_FOR_DELETION);
  },
};

/** The id is `<secret ARN>|<version id>`. */
function split(id: string): readonly [string, string] {
  const at = id.lastIndexOf("|");
  if (at < 1) throw new Error(`found id "${id}", expected <secret ARN>|<version id>`);
  return [id.slice(0, at), id.slice(at + 1)];
}

async function stagesOf(context: AwsContext, secretId: string, version: string): Promise<readonly string[]> {
  const secrets = await context.secretsmanager();
  const found = await unlessGone(secrets.describeSecret({ SecretId: secretId }), GONE);
  return found?.DeletedDate === undefined ? (found?.VersionIdsToStages?.[version] ?? []) : [];
}

export const secretVersion: AwsResource<SecretVersionArgs> = {
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  properties: {
    secretId: { required: true, replace: true },
    // A version is never rewritten: another value is another version.
    secretString: { required: true, replace: true },
  },
  secretOutputs: ["secretString"],
  async create(context, { secretId, secretString = "" }) {
    const secrets = await context.secretsmanager();
    const { ARN, VersionId, VersionStages } = await secrets.putSecretValue({
      SecretId: secretId,
      SecretString: secretString,
      ClientRequestToken: randomUUID(),
    });
    return {
      id: `${secretId}|${given(VersionId, "version id")}`,
      outputs: { arn: ARN, versionId: VersionId, versionStages: VersionStages },
    };
  },
  async read(context, id) {
    const [secretId, version] = split(id);
    const stages = await stagesOf(context, secretId, version);
    if (stages.length === 0) return undefined;
    // What is in use is what counts: a value that was put by hand made ours the previous one.
    const secrets = await context.secretsmanager();
    const current = await unlessGone(
      secrets.getSecretValue({ SecretId: secretId, VersionStage: CURRENT }),
      GONE,
      MARKED_FOR_DELETION,
    );
    if (current === undefined) return undefined;
    return {
      inputs: { secretId, secretString: current.SecretString },
      outputs: { arn: current.ARN, versionId: version, versionStages: [...stages] },
    };
  },
  async delete(context, id) {
    const [secretId, version] = split(id);
    const secrets = await context.secretsmanager();
    const stages = await stagesOf(context, secretId, version);
    // A secret always has a current version: that one goes with the secret itself.
    for (const stage of stages.filter((name) => name !== CURRENT)) {
      await secrets.updateSecretVersionStage({
        SecretId: secretId,
        VersionStage: stage,
        RemoveFromVersionId: version,
      });
    }
  },
};
