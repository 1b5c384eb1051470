import { expect } from "vitest";
import type { PropertyMap } from "../../framework/values.ts";
import { connect, type State, type TestClient } from "../../testing/client.ts";
import { awsConfig } from "../config.ts";
import { type AwsContext, awsContext } from "../context.ts";
import { awsProvider } from "../provider.ts";
import { type Emulator, startEmulator } from "./emulator.ts";

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

export interface Stand {
  readonly emulator: Emulator;
  readonly client: TestClient;
  /** The vendor's clients, for what others do behind Pulumi's back. */
  readonly aws: AwsContext;
  close(): Promise<void>;
}

/** A configured provider on an emulator of its own. */
export async function stand(): Promise<Stand> {
  const emulator = await startEmulator();
  const services = [
    "cloudwatch",
    "logs",
    "codebuild",
    "dynamodb",
    "ecr",
    "eventbridge",
    "iam",
    "kms",
    "lambda",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
  ];
  const config = {
    region: emulator.region,
    accessKey: emulator.credentials.accessKeyId,
    secretKey: emulator.credentials.secretAccessKey,
    s3UsePathStyle: true,
    endpoints: [Object.fromEntries(services.map((service) => [service, emulator.endpoint]))],
  };
  const client = await connect(awsProvider("7.48.0", {}), config);
  await client.configure();
  return {
    emulator,
    client,
    aws: awsContext(awsConfig(config, {})),
    async close() {
      client.close();
      await emulator.stop();
    },
  };
}

export interface Lifecycle {
  readonly type: string;
  readonly inputs: PropertyMap;
  /** All inputs after a change that needs no replacement. Missing where every change replaces. */
  readonly changed?: PropertyMap;
  /** What somebody does behind Pulumi's back, and the paths where a refresh sees it. */
  readonly drift?: {
    readonly act: (aws: AwsContext, state: State) => Promise<unknown>;
    readonly seen: readonly string[];
  };
  /** The id that an import takes, where it is not the resource's own; false where there is no import. */
  readonly importId?: ((state: State) => string) | false;
  /** What an import cannot know. */
  readonly hidden?: readonly string[];
  /** Outputs that must be there, by value or matcher. */
  readonly outputs?: PropertyMap;
  /** The resource is still found after its deletion: the service has no "none" for it. */
  readonly stays?: boolean;
}

/** What came from the provider marked as secret, as the engine keeps it for itself. */
function plain(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && SECRET_SIGNATURE in value && "value" in value
        ? value.value
        : value,
    ]),
  );
}

async function checked(client: TestClient, type: string, news: PropertyMap): Promise<PropertyMap> {
  const { inputs, failures } = await client.check(type, news);
  expect(failures).toEqual([]);
  return inputs;
}

async function refreshed(client: TestClient, type: string, state: State): Promise<State> {
  const found = await client.read(type, state.id, state);
  if (found === undefined) throw new Error(`${type} ${state.id} is gone`);
  return { id: found.id, inputs: plain(found.inputs), outputs: plain(found.outputs) };
}

/** Drives one resource from creation to a second deletion, as the engine would. */
export async function live({ client, aws }: Stand, life: Lifecycle): Promise<void> {
  const { type } = life;
  const inputs = await checked(client, type, life.inputs);
  const created = await client.create(type, inputs);
  let state: State = { ...created, outputs: plain(created.outputs) };
  expect(state.outputs).toMatchObject(life.outputs ?? {});

  const settled = await refreshed(client, type, state);
  expect(settled.inputs).toEqual(inputs);
  expect(settled.outputs).toEqual(state.outputs);

  if (life.drift) {
    await life.drift.act(aws, state);
    const drifted = await refreshed(client, type, state);
    const { changes, replaces } = await client.diff(type, drifted, inputs);
    expect(Object.keys(changes).sort()).toEqual([...life.drift.seen].sort());
    if (replaces.length === 0) {
      state = await client.update(type, drifted, inputs);
    } else {
      await client.delete(type, drifted);
      state = await client.create(type, inputs);
    }
    state = { ...state, outputs: plain(state.outputs) };
    expect((await refreshed(client, type, state)).inputs).toEqual(inputs);
  }

  if (life.changed) {
    const news = await checked(client, type, life.changed);
    const diff = await client.diff(type, state, news);
    expect(diff.changes).not.toEqual({});
    expect(diff.replaces).toEqual([]);
    const updated = await client.update(type, state, news);
    state = { ...updated, outputs: plain(updated.outputs) };
    const found = await refreshed(client, type, state);
    expect(found.inputs).toEqual(news);
    expect(found.outputs).toEqual(state.outputs);
  }

  if (life.importId !== false) {
    const imported = await client.read(type, life.importId?.(state) ?? state.id);
    const diff = await client.diff(type, { ...state, inputs: plain(imported?.inputs ?? {}) }, state.inputs);
    expect(imported?.id).toBe(state.id);
    expect(Object.keys(diff.changes)).toEqual(life.hidden ?? []);
  }

  await client.delete(type, state);
  if (!life.stays) expect(await client.read(type, state.id, state)).toBeUndefined();
  await client.delete(type, state);
}
