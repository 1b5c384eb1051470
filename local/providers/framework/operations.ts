import { type Change, changes, same } from "./compare.ts";
import { AlreadyExists, PartialFailure } from "./errors.ts";
import type { Outputs, PropertyRule, ResourceHandler } from "./resource.ts";
import { asAsset, type PropertyMap, secret, withoutAbsent } from "./values.ts";

/** A handler whose arguments' type is forgotten: the server works with property maps. */
export type AnyHandler<Context> = ResourceHandler<object, Context>;

export function rulesOf<Context>(handler: AnyHandler<Context>): Readonly<Record<string, PropertyRule>> {
  return handler.properties as Readonly<Record<string, PropertyRule>>;
}

export interface State {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/**
 * What goes to the engine: the inputs, then what the handler computed, with the secret ones marked. An archive is
 * in state with the inputs already, and the engine asks for a refresh without its contents: there it would change.
 */
export function stateOutputs<Context>(
  handler: AnyHandler<Context>,
  inputs: PropertyMap,
  computed: Outputs,
): PropertyMap {
  const plain = Object.entries(inputs).filter(([, value]) => asAsset(value) === undefined);
  return withSecrets(handler, { ...Object.fromEntries(plain), ...withoutAbsent(computed) });
}

/** Inputs that came from the program are marked by the engine; those that were read are marked here. */
function withSecrets<Context>(handler: AnyHandler<Context>, properties: PropertyMap): PropertyMap {
  const marked = { ...properties };
  for (const name of handler.secretOutputs ?? []) {
    if (marked[name] !== undefined) marked[name] = secret(marked[name]);
  }
  return marked;
}

/** What an update is going to leave as it is, with the new inputs over it: nothing else is known in a preview. */
export function previewUpdate<Context>(
  handler: AnyHandler<Context>,
  outputs: PropertyMap,
  inputs: PropertyMap,
): PropertyMap {
  const rules = rulesOf(handler);
  const kept = Object.entries(outputs).filter(
    ([name]) => !(name in rules) && !handler.recomputed?.includes(name),
  );
  return stateOutputs(handler, { ...Object.fromEntries(kept), ...inputs }, {});
}

/**
 * Found inputs as they go into state. What the vendor never tells is kept from the state, and what says the same
 * in other words (a policy with its keys in another order) keeps the program's words: else every refresh would
 * show a change.
 */
export function foundInputs<Context>(
  handler: AnyHandler<Context>,
  found: PropertyMap,
  prior: PropertyMap | undefined,
): PropertyMap {
  const inputs = withoutAbsent(found);
  if (prior === undefined) return inputs;
  for (const [name, rule] of Object.entries(rulesOf(handler))) {
    // A handler that says `undefined` for it knows that what the state has is no longer true.
    const kept = rule.writeOnly && !Object.hasOwn(found, name) && prior[name] !== undefined;
    if (kept) inputs[name] = prior[name];
    else if (same(rule, inputs[name], prior[name])) {
      if (prior[name] === undefined) delete inputs[name];
      else inputs[name] = prior[name];
    }
  }
  return inputs;
}

export interface NewState extends State {
  /** It existed, and was taken over. */
  readonly adopted: boolean;
}

export async function create<Context>(
  handler: AnyHandler<Context>,
  context: Context,
  inputs: PropertyMap,
): Promise<NewState> {
  try {
    const { id, outputs } = await handler.create(context, inputs);
    return { id, inputs, outputs: stateOutputs(handler, inputs, outputs), adopted: false };
  } catch (error) {
    if (error instanceof AlreadyExists) return adopt(handler, context, error.id, inputs);
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialFailure(error.id, stateOutputs(handler, inputs, error.outputs), error);
  }
}

/**
 * Takes over what an interrupted `up` created but could not record, and finishes it. One that says something else
 * than the program, and does not just lack something, is somebody's.
 */
async function adopt<Context>(
  handler: AnyHandler<Context>,
  context: Context,
  taken: string,
  inputs: PropertyMap,
): Promise<NewState> {
  const rules = rulesOf(handler);
  const found = await handler.read(context, taken);
  if (found === undefined) throw new Error(`${taken} exists already, and yet reads as gone`);
  const id = found.id ?? taken;
  const existing = withoutAbsent({ ...found.inputs });
  // What cannot be read cannot be compared, so it is written again.
  const hidden = Object.keys(inputs).some((name) => rules[name]?.writeOnly === true);
  const differs = changes(rules, existing, inputs).filter(({ property }) => !rules[property]?.writeOnly);
  const isUnset = ({ property, kind }: Change): boolean =>
    kind === "add" || same(rules[property] ?? {}, existing[property], rules[property]?.default);
  const finishes =
    handler.update !== undefined && differs.every((change) => isUnset(change) && !change.replace);
  if (differs.length > 0 && !finishes) {
    const paths = differs.map((change) => change.path).join(", ");
    throw new Error(
      `${id} exists already, is not in the stack's state, and differs in ${paths}: import it or delete it`,
    );
  }
  const prior = { inputs: found.inputs, outputs: found.outputs };
  const outputs =
    handler.update && (hidden || differs.length > 0)
      ? await handler.update(context, id, inputs, prior)
      : found.outputs;
  return { id, inputs, outputs: stateOutputs(handler, inputs, outputs), adopted: true };
}

export async function read<Context>(
  handler: AnyHandler<Context>,
  context: Context,
  id: string,
  prior: { readonly inputs: PropertyMap; readonly outputs: PropertyMap } | undefined,
): Promise<State | undefined> {
  const found = await handler.read(context, id, prior);
  if (found === undefined) return undefined;
  const inputs = foundInputs(handler, { ...found.inputs }, prior?.inputs);
  return {
    id: found.id ?? id,
    inputs: withSecrets(handler, inputs),
    outputs: stateOutputs(handler, inputs, found.outputs),
  };
}

export async function update<Context>(
  handler: AnyHandler<Context>,
  context: Context,
  state: State,
  inputs: PropertyMap,
): Promise<PropertyMap> {
  const prior = { inputs: state.inputs, outputs: state.outputs };
  if (handler.update) {
    return stateOutputs(handler, inputs, await handler.update(context, state.id, inputs, prior));
  }
  // Reached where only the words of an input changed, or after a creation that failed in its last step.
  const found = await handler.read(context, state.id, prior);
  if (found === undefined) throw new Error(`${state.id} is gone: refresh, then create it again`);
  return stateOutputs(handler, inputs, found.outputs);
}

export interface Difference {
  readonly changes: readonly Change[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export function difference<Context>(
  handler: AnyHandler<Context>,
  before: PropertyMap,
  after: PropertyMap,
): Difference {
  const found = changes(rulesOf(handler), withoutAbsent(before), withoutAbsent(after));
  const replaces = [...new Set(found.filter((change) => change.replace).map((change) => change.property))];
  return {
    changes: found,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && handler.deleteBeforeReplace === true,
  };
}
