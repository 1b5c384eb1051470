import { serveProvider } from "../../../local/providers/framework/server.ts";

/** A provider whose one type takes any text and does nothing: what is left is the engine's own time. */
export const ready = serveProvider<undefined>({
  name: "empty",
  version: "0.0.1",
  config: {},
  configure: () => undefined,
  resources: [
    {
      type: "empty:index:Empty",
      properties: { text: {} },
      create: async (_context, inputs) => ({ id: "empty", outputs: { ...inputs } }),
      read: async (_context, _id, prior) => prior && { inputs: prior.inputs, outputs: prior.outputs },
      update: async (_context, _id, inputs) => ({ ...inputs }),
      delete: async () => undefined,
    },
  ],
});
