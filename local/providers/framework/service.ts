import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { checkInputs } from "./check.ts";
import { type ConfigRules, checkConfig, diffConfig, parseConfig } from "./config.ts";
import type { Warn } from "./engine.ts";
import { checkResponse, diffResponse, type Named, named, unary } from "./messages.ts";
import { suggestion } from "./nearest.ts";
import {
  type AnyHandler,
  create,
  difference,
  previewUpdate,
  read,
  rulesOf,
  stateOutputs,
  update,
} from "./operations.ts";
import type { CheckFailure, FunctionHandler, PropertyRule } from "./resource.ts";
import { schemaOf } from "./schema.ts";
import { fromStruct, type PropertyMap, toStruct } from "./values.ts";

export interface ProviderDefinition<Context> {
  /** The package's name, `aws`. */
  readonly name: string;
  /** The version of the official npm SDK, so that the engine takes this plugin for it. */
  readonly version: string;
  /** Every configuration key that is accepted. */
  readonly config: ConfigRules;
  /** What the rules cannot say of the configuration. Unknown values are missing. */
  checkConfig?(config: PropertyMap): readonly CheckFailure[];
  /** Makes what the handlers work with. Throws one clear sentence where a credential is missing. */
  configure(config: PropertyMap): Context | Promise<Context>;
  readonly resources: readonly AnyHandler<Context>[];
  readonly functions?: readonly FunctionHandler<object, Context>[];
}

/** The methods of `pulumirpc.ResourceProvider` for one provider. */
export function providerService<Context>(
  provider: ProviderDefinition<Context>,
  warn: Warn,
): UntypedServiceImplementation {
  const handlers = new Map(provider.resources.map((handler) => [handler.type, handler]));
  const functions = new Map((provider.functions ?? []).map((handler) => [handler.token, handler]));
  let configured: { readonly context: Context } | undefined;

  function unserved(token: string, what: string, known: Iterable<string>): string {
    const names = [...known];
    return `the local ${provider.name} provider has no ${what} "${token}"${suggestion(token, names)}; it has ${names.join(", ")}`;
  }

  function handlerOf(request: Named): AnyHandler<Context> {
    const handler = handlers.get(request.getType());
    if (handler === undefined) throw new Error(unserved(request.getType(), "type", handlers.keys()));
    return handler;
  }

  function context(): Context {
    if (configured === undefined) throw new Error(`the local ${provider.name} provider is not configured`);
    return configured.context;
  }

  return {
    attach: unary(
      "attach",
      () => provider.name,
      () => new empty.Empty(),
    ),
    cancel: unary(
      "cancel",
      () => provider.name,
      () => new empty.Empty(),
    ),
    getPluginInfo: unary(
      "describe",
      () => provider.name,
      () => {
        const info = new plugin.PluginInfo();
        info.setVersion(provider.version);
        return info;
      },
    ),
    getSchema: unary(
      "describe",
      () => provider.name,
      () => {
        const response = new rpc.GetSchemaResponse();
        response.setSchema(schemaOf(provider.name, provider.version, provider.resources));
        return response;
      },
    ),
    getMapping: unary(
      "map",
      () => provider.name,
      () => new rpc.GetMappingResponse(),
    ),
    getMappings: unary(
      "map",
      () => provider.name,
      () => new rpc.GetMappingsResponse(),
    ),

    checkConfig: unary(
      "configure",
      () => provider.name,
      (request: InstanceType<typeof rpc.CheckRequest>) => {
        const news = fromStruct(request.getNews());
        const failures = checkConfig(provider.config, news);
        const more =
          failures.length > 0 ? [] : (provider.checkConfig?.(parseConfig(provider.config, news)) ?? []);
        return checkResponse(news, [...failures, ...more]);
      },
    ),
    diffConfig: unary(
      "configure",
      () => provider.name,
      (request: InstanceType<typeof rpc.DiffRequest>) => {
        const before = fromStruct(request.hasOldInputs() ? request.getOldInputs() : request.getOlds());
        const { changed, replaces } = diffConfig(provider.config, before, fromStruct(request.getNews()));
        const response = new rpc.DiffResponse();
        const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
        response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
        response.setDiffsList([...changed]);
        response.setReplacesList([...replaces]);
        return response;
      },
    ),
    configure: unary(
      "configure",
      () => provider.name,
      async (request: InstanceType<typeof rpc.ConfigureRequest>) => {
        const variables = Object.fromEntries(
          request
            .getVariablesMap()
            .toObject()
            .map(([key, value]) => [key.replace(/^[^:]*:config:/, ""), value]),
        );
        configured = { context: await provider.configure(parseConfig(provider.config, variables)) };
        const response = new rpc.ConfigureResponse();
        // Secrets come unwrapped, and the engine marks what it gets back under the same names.
        response.setAcceptsecrets(false);
        response.setSupportspreview(true);
        return response;
      },
    ),

    invoke: unary(
      "call",
      (request) => request.getTok(),
      async (request: InstanceType<typeof rpc.InvokeRequest>) => {
        const handler = functions.get(request.getTok());
        if (handler === undefined) throw new Error(unserved(request.getTok(), "function", functions.keys()));
        const checked = checkInputs(
          handler.token,
          handler.arguments as Readonly<Record<string, PropertyRule>>,
          fromStruct(request.getArgs()),
          undefined,
        );
        const response = new rpc.InvokeResponse();
        response.setFailuresList(checkResponse({}, checked.failures).getFailuresList());
        if (checked.failures.length === 0) {
          response.setReturn(toStruct({ ...(await handler.call(context(), checked.inputs)) }));
        }
        return response;
      },
    ),

    check: unary("check", named, (request: InstanceType<typeof rpc.CheckRequest>) => {
      const news = fromStruct(request.getNews());
      const handler = handlers.get(request.getType());
      if (handler === undefined) {
        return checkResponse(news, [
          { property: "", reason: unserved(request.getType(), "type", handlers.keys()) },
        ]);
      }
      const { inputs, failures } = checkInputs(
        handler.type,
        rulesOf(handler),
        news,
        (known) => handler.check?.(known) ?? [],
      );
      return checkResponse(inputs, failures);
    }),
    diff: unary("diff", named, (request: InstanceType<typeof rpc.DiffRequest>) => {
      const before = fromStruct(request.hasOldInputs() ? request.getOldInputs() : request.getOlds());
      const found = difference(handlerOf(request), before, fromStruct(request.getNews()));
      return diffResponse(found);
    }),
    create: unary("create", named, async (request: InstanceType<typeof rpc.CreateRequest>) => {
      const handler = handlerOf(request);
      const inputs = fromStruct(request.getProperties());
      const response = new rpc.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(toStruct(stateOutputs(handler, inputs, {})));
        return response;
      }
      const created = await create(handler, context(), inputs);
      if (created.adopted) await warn(request.getUrn(), `${created.id} existed already and was taken over`);
      response.setId(created.id);
      response.setProperties(toStruct(created.outputs));
      return response;
    }),
    read: unary("read", named, async (request: InstanceType<typeof rpc.ReadRequest>) => {
      const prior = request.hasInputs()
        ? { inputs: fromStruct(request.getInputs()), outputs: fromStruct(request.getProperties()) }
        : undefined;
      const found = await read(handlerOf(request), context(), request.getId(), prior);
      const response = new rpc.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setInputs(toStruct(found.inputs));
      response.setProperties(toStruct(found.outputs));
      return response;
    }),
    update: unary("update", named, async (request: InstanceType<typeof rpc.UpdateRequest>) => {
      const handler = handlerOf(request);
      const inputs = fromStruct(request.getNews());
      const outputs = fromStruct(request.getOlds());
      const state = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs };
      const response = new rpc.UpdateResponse();
      response.setProperties(
        toStruct(
          request.getPreview()
            ? previewUpdate(handler, outputs, inputs)
            : await update(handler, context(), state, inputs),
        ),
      );
      return response;
    }),
    delete: unary("delete", named, async (request: InstanceType<typeof rpc.DeleteRequest>) => {
      await handlerOf(request).delete(context(), request.getId(), {
        inputs: fromStruct(request.getOldInputs()),
        outputs: fromStruct(request.getProperties()),
      });
      return new empty.Empty();
    }),
  };
}
