import { expect, test } from "vitest";
import { schemaOf } from "./schema.ts";

test("the schema names the resources and their properties, and which must be given", () => {
  const handler = {
    type: "test:index/thing:Thing",
    properties: { name: { required: true }, size: {} },
    create: async () => ({ id: "1", outputs: {} }),
    read: async () => undefined,
    delete: async () => {},
  };
  const anything = { $ref: "pulumi.json#/Any" };
  const properties = { name: anything, size: anything };
  expect(JSON.parse(schemaOf("test", "1.2.3", [handler]))).toEqual({
    name: "test",
    version: "1.2.3",
    resources: {
      "test:index/thing:Thing": { properties, inputProperties: properties, requiredInputs: ["name"] },
    },
  });
});
