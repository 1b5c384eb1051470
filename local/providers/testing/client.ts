import { credentials, type ServiceError } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { listen, type ProviderDefinition } from "../framework/server.ts";
import { fromStruct, type PropertyMap, toStruct } from "../framework/values.ts";

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export interface State {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export interface Diff {
  /** Path → kind, `UPDATE` or `ADD_REPLACE`. Empty where nothing changes. */
  readonly changes: Readonly<Record<string, string>>;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

function promised<Response>(call: (callback: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function failures(list: readonly InstanceType<typeof rpc.CheckFailure>[]): readonly Failure[] {
  return list.map((entry) => {
    if (entry.getProperty() !== "") throw new Error("the engine would print the property's value");
    const text = entry.getReason();
    const [, property = "", reason = text] = /^([A-Za-z]\S*): ([\s\S]*)$/.exec(text) ?? [];
    return { property, reason };
  });
}

interface Target {
  setUrn(urn: string): unknown;
  setType(type: string): unknown;
  setName(name: string): unknown;
}

function addressed<Request extends Target>(request: Request, type: string): Request {
  request.setUrn(`urn:pulumi:test::test::${type}::subject`);
  request.setType(type);
  request.setName("subject");
  return request;
}

export type TestClient = Awaited<ReturnType<typeof connect>>;

/** Speaks to a provider as the engine does, over gRPC, with plain objects on this side. */
export async function connect<Context>(provider: ProviderDefinition<Context>, config: PropertyMap = {}) {
  const warnings: string[] = [];
  const { port, close } = await listen(provider, async (_, message) => {
    warnings.push(message);
  });
  const client = new grpc.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());

  const configuration = new rpc.ConfigureRequest();
  for (const [key, value] of Object.entries(config)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    configuration.getVariablesMap().set(`${provider.name}:config:${key}`, text);
  }

  return {
    /** What the user was warned of, so far. */
    warnings: warnings as readonly string[],
    /** Rejects with the sentence that the user would read. */
    async configure(): Promise<void> {
      await promised((done) => client.configure(configuration, done));
    },
    async checkConfig(news: PropertyMap): Promise<readonly Failure[]> {
      const request = new rpc.CheckRequest();
      request.setNews(toStruct(news));
      const response = await promised<InstanceType<typeof rpc.CheckResponse>>((done) =>
        client.checkConfig(request, done),
      );
      return failures(response.getFailuresList());
    },
    async check(type: string, news: PropertyMap) {
      const request = addressed(new rpc.CheckRequest(), type);
      request.setNews(toStruct(news));
      const response = await promised<InstanceType<typeof rpc.CheckResponse>>((done) =>
        client.check(request, done),
      );
      return { inputs: fromStruct(response.getInputs()), failures: failures(response.getFailuresList()) };
    },
    async diff(type: string, state: State, news: PropertyMap): Promise<Diff> {
      const request = addressed(new rpc.DiffRequest(), type);
      request.setId(state.id);
      request.setOldInputs(toStruct(state.inputs));
      request.setOlds(toStruct(state.outputs));
      request.setNews(toStruct(news));
      const response = await promised<InstanceType<typeof rpc.DiffResponse>>((done) =>
        client.diff(request, done),
      );
      const kinds = Object.entries(rpc.PropertyDiff.Kind);
      const changes: Record<string, string> = {};
      response.getDetaileddiffMap().forEach((entry, path) => {
        changes[path] = kinds.find(([, kind]) => kind === entry.getKind())?.[0] ?? "";
      });
      return {
        changes,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(type: string, inputs: PropertyMap, preview = false): Promise<State> {
      const request = addressed(new rpc.CreateRequest(), type);
      request.setProperties(toStruct(inputs));
      request.setPreview(preview);
      const response = await promised<InstanceType<typeof rpc.CreateResponse>>((done) =>
        client.create(request, done),
      );
      return { id: response.getId(), inputs, outputs: fromStruct(response.getProperties()) };
    },
    /** Undefined where the resource is gone. Without `prior` it is an import. */
    async read(type: string, id: string, prior?: State): Promise<State | undefined> {
      const request = addressed(new rpc.ReadRequest(), type);
      request.setId(id);
      if (prior !== undefined) {
        request.setInputs(toStruct(prior.inputs));
        request.setProperties(toStruct(prior.outputs));
      }
      const response = await promised<InstanceType<typeof rpc.ReadResponse>>((done) =>
        client.read(request, done),
      );
      if (response.getId() === "") return undefined;
      return {
        id: response.getId(),
        inputs: fromStruct(response.getInputs()),
        outputs: fromStruct(response.getProperties()),
      };
    },
    async update(type: string, state: State, inputs: PropertyMap, preview = false): Promise<State> {
      const request = addressed(new rpc.UpdateRequest(), type);
      request.setId(state.id);
      request.setOldInputs(toStruct(state.inputs));
      request.setOlds(toStruct(state.outputs));
      request.setNews(toStruct(inputs));
      request.setPreview(preview);
      const response = await promised<InstanceType<typeof rpc.UpdateResponse>>((done) =>
        client.update(request, done),
      );
      return { id: state.id, inputs, outputs: fromStruct(response.getProperties()) };
    },
    async delete(type: string, state: State): Promise<void> {
      const request = addressed(new rpc.DeleteRequest(), type);
      request.setId(state.id);
      request.setOldInputs(toStruct(state.inputs));
      request.setProperties(toStruct(state.outputs));
      await promised((done) => client.delete(request, done));
    },
    async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
      const request = new rpc.InvokeRequest();
      request.setTok(token);
      request.setArgs(toStruct(args));
      const response = await promised<InstanceType<typeof rpc.InvokeResponse>>((done) =>
        client.invoke(request, done),
      );
      return fromStruct(response.getReturn());
    },
    close(): void {
      client.close();
      close();
    },
  };
}
