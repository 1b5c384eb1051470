import type { Unwrap } from "@pulumi/pulumi";

/** The nested properties that a handler serves, in an object or in each object of a list. `true`: anything inside. */
export interface Fields {
  readonly [name: string]: Fields | true;
}

/** How one input property of a resource behaves. An empty rule is an optional property that is updated in place. */
export interface PropertyRule {
  /** Missing is an error at check. */
  readonly required?: boolean;
  /** A change replaces the resource, as the official provider does. */
  readonly replace?: boolean;
  /**
   * The vendor's API never returns it (a secret, an archive): read keeps the value in state. A handler that finds
   * out otherwise that it has changed gives it as `undefined`, and it is written again.
   */
  readonly writeOnly?: boolean;
  /** Compared as JSON, not as text: key order and white space are no change. */
  readonly json?: boolean;
  /** Lists are compared in any order, at every depth: the vendor keeps a set. May be combined with `json`. */
  readonly unordered?: boolean;
  /** Where given, a nested property that is not listed is an error at check. */
  readonly fields?: Fields;
  /** Filled in at check where the program gives none, as the official provider does. */
  readonly default?: unknown;
}

/** The inputs of a resource once every `Input` and `Output` of the official SDK's `Args` is resolved. */
export type Inputs<Args> = Unwrap<Args>;

/** What the engine keeps of a resource that exists: its outputs by the official SDK's property names. */
export type Outputs = Readonly<Record<string, unknown>>;

export interface Created {
  readonly id: string;
  readonly outputs: Outputs;
}

/** What the vendor has now. `inputs` is in the shape that the program would have given. */
export interface Found<Args> {
  /** Only where it differs from the id that was asked for, as when a short import id was given. */
  readonly id?: string;
  readonly inputs: Inputs<Args>;
  readonly outputs: Outputs;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Prior<Args> {
  readonly inputs: Inputs<Args>;
  readonly outputs: Outputs;
}

/**
 * One resource type of a local provider. `Args` is the official SDK's own argument type, so a property
 * that the SDK does not declare does not compile; a property that is not listed in `properties` is an
 * error at check, so nothing is silently ignored.
 */
export interface ResourceHandler<Args extends object, Context> {
  /** The official type token, `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly properties: { readonly [Property in keyof Args]?: PropertyRule };
  /** Replace by deleting first: the name is the identity, so two cannot exist side by side. */
  readonly deleteBeforeReplace?: boolean;
  /** Outputs, and inputs that are read, which the engine encrypts in state even where no secret went in. */
  readonly secretOutputs?: readonly string[];
  /** Outputs that an update gives new values: unknown in its preview. The others keep theirs. */
  readonly recomputed?: readonly string[];
  /** What the rules cannot say. Runs at preview: a value may be missing because it is not known yet. */
  check?(inputs: Partial<Inputs<Args>>): readonly CheckFailure[];
  /**
   * Inputs are echoed into the outputs by the framework: give the computed ones. Throws `AlreadyExists` where the
   * name is taken, and `PartialFailure` (see `afterCreate`) where the resource exists but a later step failed.
   */
  create(context: Context, inputs: Inputs<Args>): Promise<Created>;
  /** Undefined where the resource is gone. `prior` is missing at import. */
  read(context: Context, id: string, prior?: Prior<Args>): Promise<Found<Args> | undefined>;
  /**
   * Missing where every property replaces. Gives the new outputs. After a `PartialFailure` it is called with
   * nothing changed, so it applies all inputs, not only those that differ from `prior`.
   */
  update?(context: Context, id: string, inputs: Inputs<Args>, prior: Prior<Args>): Promise<Outputs>;
  /** Succeeds where the resource is gone already. */
  delete(context: Context, id: string, prior: Prior<Args>): Promise<void>;
}

/** A function (invoke) of a local provider, `github:index/getTeam:getTeam`. */
export interface FunctionHandler<Args extends object, Context> {
  readonly token: string;
  readonly arguments: { readonly [Argument in keyof Args]?: PropertyRule };
  call(context: Context, args: Inputs<Args>): Promise<Outputs>;
}
