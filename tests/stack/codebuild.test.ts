import {
  BatchGetProjectsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
} from "@aws-sdk/client-codebuild";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone } from "../support/clone.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

const REPO = "image-builder-rpi";

let stack: TestStack;
let codebuild: CodeBuildClient;

beforeAll(async () => {
  stack = await TestStack.create("codebuild");
  stack.edit((config) => {
    config.setIn(["config", "hypriotos:runners"], {
      cloud: { kind: "codebuild", architectures: ["arm64"], compute: "small", concurrency: 1 },
      host: { kind: "docker", host: "unix:///var/run/docker.sock", architectures: ["armhf"] },
    });
  });
  await stack.run("up");
  codebuild = new CodeBuildClient(stack.aws);
}, 600_000);
afterAll(() => stack.remove(), 300_000);

const projectName = (end: string) => `hypriot-${stack.name}-${end}`;

async function builds(project: string): Promise<readonly string[]> {
  const command = new ListBuildsForProjectCommand({ projectName: projectName(project) });
  return (await codebuild.send(command)).ids ?? [];
}

/** Pushes a commit to a branch of its own. Resolves with its build's key. */
async function push(branch: string): Promise<string> {
  const clone = await Clone.of(stack, REPO);
  const commit = await clone.commit(`Add ${branch}`, { "packages.txt": `${branch}\n` });
  await clone.push(branch);
  return `builds/${REPO}/${commit}`;
}

/** What a finished build of the images' project leaves in ECR. */
async function makeImages(): Promise<void> {
  const { projects = [] } = await codebuild.send(
    new BatchGetProjectsCommand({ names: [projectName("images-arm")] }),
  );
  const ecr = new ECRClient(stack.aws);
  for (const name of ["BUILDER_IMAGE", "AGENT_IMAGE"]) {
    const variables = projects[0]?.environment?.environmentVariables ?? [];
    const reference = variables.find((variable) => variable.name === name)?.value ?? "";
    const [, repositoryName = "", imageTag] = /^[^/]+\/([^:]+):(.+)$/.exec(reference) ?? [];
    await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest: "{}" }));
  }
}

// With the rights that the program gives: the emulator enforces them. It runs no builds, it only knows of them.
describe("a stack with runners of both kinds", () => {
  it("is made whole: a preview has nothing to change", async () => {
    expect(await stack.run("preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });

  it("gives a Docker host its rights until it has given its jobs back", async () => {
    const resources = await stack.resources();
    const container = resources.find(({ type }) => type === "docker:index/container:Container");
    const rights = resources.filter(({ urn, type }) => /Policy$/.test(type) && urn.endsWith("::host"));
    expect(rights.map(({ type }) => type).sort()).toEqual([
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/userPolicy:UserPolicy",
    ]);
    expect(container?.dependencies).toEqual(expect.arrayContaining(rights.map(({ urn }) => urn)));
  });

  it("has its images made by the first push, and keeps the job", async () => {
    const key = await push("first");
    await until("the images are made", async () => (await builds("images-arm")).length === 1);
    expect(await builds("runner-cloud-arm64")).toEqual([]);
    const { queues } = await stack.outputs();
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await new SQSClient(stack.aws).send(
      new GetQueueAttributesCommand({
        QueueUrl: (queues as { arm64: string }).arm64,
        AttributeNames: [...names],
      }),
    );
    expect(names.reduce((sum, name) => sum + Number(Attributes[name]), 0)).toBe(1);
    expect(key).toMatch(/^builds\//);
  });

  it("starts a build for a push, and writes down which", async () => {
    await makeImages();
    const key = await push("second");
    const dynamodb = new DynamoDBClient(stack.aws);
    const TableName = `hypriot-${stack.name}-builds`;
    await until("the build is started", async () => {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: key } } }));
      const id = Item?.codebuild?.M?.id?.S;
      return id !== undefined && (await builds("runner-cloud-arm64")).includes(id);
    });
  });
});
