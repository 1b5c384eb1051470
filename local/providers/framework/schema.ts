import { type AnyHandler, rulesOf } from "./operations.ts";

/**
 * The least that `pulumi import` needs to generate code: which resources there are, and their properties. The
 * types are the official SDK's business.
 */
export function schemaOf<Context>(
  name: string,
  version: string,
  handlers: readonly AnyHandler<Context>[],
): string {
  const anything = { $ref: "pulumi.json#/Any" };
  const resources = handlers.map((handler) => {
    const rules = rulesOf(handler);
    const properties = Object.fromEntries(Object.keys(rules).map((property) => [property, anything]));
    const requiredInputs = Object.keys(rules).filter((property) => rules[property]?.required);
    return [handler.type, { properties, inputProperties: properties, requiredInputs }];
  });
  return JSON.stringify({ name, version, resources: Object.fromEntries(resources) });
}
