import type {
  ArtifactsType,
  ComputeType,
  CreateProjectCommandInput,
  EnvironmentType,
  EnvironmentVariableType,
  ImagePullCredentialsType,
  LogsConfigStatusType,
  Project,
  SourceType,
} from "@aws-sdk/client-codebuild";
import type { ProjectArgs } from "@pulumi/aws/codebuild/project.js";
import { AlreadyExists } from "../../framework/errors.ts";
import type { Inputs } from "../../framework/resource.ts";
import { defined, given, hasCode, type Tags, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

type ProjectInputs = Inputs<ProjectArgs>;

/** How CodeBuild is told that there is no limit any more. */
const NO_LIMIT = -1;

/** CodeBuild, unlike others, calls a tag's parts in lower case. */
function tagsOf(found: Project): Tags | undefined {
  const own = (found.tags ?? []).filter(({ key = "" }) => key !== "" && !key.startsWith("aws:"));
  return own.length === 0
    ? undefined
    : Object.fromEntries(own.map(({ key = "", value = "" }) => [key, value]));
}

function outputsOf(found: Project) {
  return { arn: given(found.arn, "project ARN"), tagsAll: tagsOf(found) ?? {} };
}

function request(inputs: ProjectInputs) {
  const { source, artifacts, environment, logsConfig } = inputs;
  const { groupName, status } = logsConfig?.cloudwatchLogs ?? {};
  return {
    name: given(inputs.name, "name"),
    description: inputs.description ?? "",
    source: defined({ type: source.type as SourceType, buildspec: source.buildspec }),
    artifacts: { type: artifacts.type as ArtifactsType },
    environment: defined({
      type: environment.type as EnvironmentType,
      image: environment.image,
      computeType: environment.computeType as ComputeType,
      imagePullCredentialsType: environment.imagePullCredentialsType as ImagePullCredentialsType | undefined,
      privilegedMode: environment.privilegedMode ?? false,
      environmentVariables: (environment.environmentVariables ?? []).map(({ name, value, type }) => ({
        name,
        value,
        type: (type ?? "PLAINTEXT") as EnvironmentVariableType,
      })),
    }),
    serviceRole: inputs.serviceRole,
    timeoutInMinutes: inputs.buildTimeout,
    queuedTimeoutInMinutes: inputs.queuedTimeout,
    tags: Object.entries(inputs.tags ?? {}).map(([key, value]) => ({ key, value })),
    ...(logsConfig?.cloudwatchLogs
      ? {
          logsConfig: {
            cloudWatchLogs: defined({ status: (status ?? "ENABLED") as LogsConfigStatusType, groupName }),
          },
        }
      : {}),
  } satisfies CreateProjectCommandInput;
}

async function find(context: AwsContext, id: string): Promise<Project | undefined> {
  const { projects = [] } = await (await context.codebuild()).batchGetProjects({ names: [id] });
  return projects[0];
}

function fromProject(found: Project, prior: ProjectInputs | undefined) {
  const { source, artifacts, environment } = found;
  const variables = environment?.environmentVariables ?? [];
  return {
    name: given(found.name, "name"),
    description: found.description || undefined,
    source: { type: given(source?.type, "source type"), buildspec: source?.buildspec },
    artifacts: { type: given(artifacts?.type, "artifacts type") },
    environment: {
      type: given(environment?.type, "environment type"),
      image: given(environment?.image, "image"),
      computeType: given(environment?.computeType, "compute type"),
      imagePullCredentialsType: environment?.imagePullCredentialsType,
      privilegedMode:
        environment?.privilegedMode || prior?.environment.privilegedMode !== undefined
          ? (environment?.privilegedMode ?? false)
          : undefined,
      environmentVariables:
        variables.length === 0
          ? undefined
          : variables.map(({ name = "", value = "", type }) => ({ name, value, type })),
    },
    serviceRole: given(found.serviceRole, "service role"),
    buildTimeout: found.timeoutInMinutes,
    tags: tagsOf(found),
  };
}

/** The emulator keeps neither limit nor logs of a project, so that those are not read back. Builds are not run there. */
export const project: AwsResource<ProjectArgs> = {
  type: "aws:codebuild/project:Project",
  properties: {
    name: { required: true, replace: true },
    description: {},
    source: { required: true, fields: { type: true, buildspec: true } },
    artifacts: { required: true, fields: { type: true } },
    environment: {
      required: true,
      fields: {
        type: true,
        image: true,
        computeType: true,
        imagePullCredentialsType: true,
        privilegedMode: true,
        environmentVariables: { name: true, value: true, type: true },
      },
    },
    serviceRole: { required: true },
    buildTimeout: { default: 60 },
    queuedTimeout: { default: 480, writeOnly: true },
    concurrentBuildLimit: { writeOnly: true },
    logsConfig: { writeOnly: true, fields: { cloudwatchLogs: { status: true, groupName: true } } },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const { concurrentBuildLimit: limit } = inputs;
    const limited = limit === undefined ? {} : { concurrentBuildLimit: limit };
    const codebuild = await context.codebuild();
    const { project: made } = await codebuild
      .createProject({ ...request(inputs), ...limited })
      .catch((error: unknown) => {
        throw hasCode(error, "ResourceAlreadyExistsException")
          ? new AlreadyExists(inputs.name ?? "", error)
          : error;
      });
    const found = given(made, "project");
    return { id: given(found.arn, "project ARN"), outputs: outputsOf(found) };
  },
  async read(context, id, prior) {
    const found = await find(context, id);
    if (found === undefined) return undefined;
    // At import the name alone will do.
    const arn = given(found.arn, "project ARN");
    return {
      ...(arn === id ? {} : { id: arn }),
      inputs: fromProject(found, prior?.inputs),
      outputs: outputsOf(found),
    };
  },
  async update(context, _id, inputs) {
    const concurrentBuildLimit = inputs.concurrentBuildLimit ?? NO_LIMIT;
    const codebuild = await context.codebuild();
    const { project: found } = await codebuild.updateProject({ ...request(inputs), concurrentBuildLimit });
    return outputsOf(given(found, "project"));
  },
  async delete(context, _id, { inputs }) {
    const codebuild = await context.codebuild();
    await unlessGone(
      codebuild.deleteProject({ name: given(inputs.name, "name") }),
      "ResourceNotFoundException",
    );
  },
};
