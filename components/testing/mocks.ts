import type { Output } from "@pulumi/pulumi";
import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { disconnect } from "@pulumi/pulumi/runtime/settings.js";

/** What the program asked the engine to make. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Outputs that a cloud would compute and that other resources are given. */
function computed({ type, name, inputs }: MockResourceArgs): Record<string, unknown> {
  const id = `${name}-id`;
  switch (type) {
    case "aws:lambda/functionUrl:FunctionUrl":
      return { functionUrl: `https://${name}.example/` };
    case "aws:sqs/queue:Queue":
      return {
        url: `https://queue.example/${inputs.name}`,
        arn: `arn:aws:sqs:region:account:${inputs.name}`,
      };
    case "github:index/repository:Repository":
      return {
        httpCloneUrl: `https://github.example/${inputs.name}.git`,
        htmlUrl: `https://github.example/${inputs.name}`,
      };
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: `sha256:${name}` };
    case "aws:iam/accessKey:AccessKey":
      return { secret: "the-key's-secret" };
    case "aws:sns/topic:Topic":
      return { arn: `arn:aws:sns:region:account:${inputs.name}`, owner: "account" };
    case "aws:kms/key:Key":
      return { arn: `arn:${type}:::${id}`, keyId: id };
    case "aws:ecr/repository:Repository":
      return { arn: `arn:${type}:::${inputs.name}`, repositoryUrl: `registry.example/${inputs.name}` };
    case "pulumi:index:Stash":
      return { output: inputs.input };
    default:
      return { arn: `arn:aws:${type.split(":")[1]}:::${inputs.name ?? inputs.bucket ?? id}` };
  }
}

/** Takes the engine's place for this test file. What is registered from then on is in the list that it gives. */
export function mockEngine(): Registered[] {
  const registered: Registered[] = [];
  setMocks(
    {
      newResource(args) {
        if (args.custom) registered.push({ type: args.type, name: args.name, inputs: args.inputs });
        return { id: `${args.name}-id`, state: { ...args.inputs, ...computed(args) } };
      },
      call: ({ token, inputs }) =>
        token === "aws:kms/getPublicKey:getPublicKey"
          ? { ...inputs, publicKeyPem: "the public key" }
          : inputs,
    },
    "hypriotos",
    "test",
  );
  return registered;
}

/** The value of an output, once everything is registered. A test that does not await it asserts nothing. */
export async function resolved<T>(output: Output<T>): Promise<T> {
  const value = new Promise<T>((resolve) => {
    output.apply(resolve);
  });
  await disconnect();
  return value;
}

/** The one resource of a type, or of a type with a name. */
export function only(registered: readonly Registered[], type: string, name?: string): Registered {
  const found = registered.filter(
    (one) => one.type.endsWith(type) && (name === undefined || one.name === name),
  );
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`found ${found.length} of ${type} ${name ?? ""}`);
  return one;
}
