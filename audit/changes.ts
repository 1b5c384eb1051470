import type { Diagnostic, EngineEvent, PolicyEvent, ResourceState, Step } from "./events.ts";
import { changedProperties, driftedProperties, type PropertyChange } from "./property-diff.ts";
import { nameOf, shortType, typeOf } from "./urn.ts";
import type { Properties } from "./values.ts";

export type Action = "create" | "update" | "replace" | "delete" | "import" | "read" | "forget";

/** What would happen to one resource. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  readonly action: Action;
  /** What the resource is a part of, from the outermost component of the pipeline inwards: `PipelineRepository rootfs`. */
  readonly components: readonly string[];
  readonly old: Properties;
  readonly new: Properties;
  readonly oldState: ResourceState | undefined;
  readonly newState: ResourceState | undefined;
  readonly properties: readonly PropertyChange[];
  /** The properties that force a replacement. */
  readonly forcedBy: readonly string[];
  /** The old one is gone before the new one is there. */
  readonly gap: boolean;
  /** A component around it is made, or goes, as a whole. */
  readonly whole: "created" | "deleted" | undefined;
}

/** What a preview says, in types. */
export interface Preview {
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly policies: readonly PolicyEvent[];
  /** Errors and warnings of program, providers and engine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the engine came to its end. */
  readonly complete: boolean;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  update: "update",
  delete: "delete",
  "create-replacement": "replace",
  replace: "replace",
  "delete-replaced": "replace",
  import: "import",
  "import-replacement": "replace",
  read: "read",
  "read-replacement": "replace",
  discard: "forget",
  "read-discard": "forget",
};
/** Of a replacement's steps, the one that has both sides. */
const TELLING = [
  "create-replacement",
  "import-replacement",
  "read-replacement",
  "replace",
  "delete-replaced",
];

/** Whether a message is what the engine says about policies; those come as events of their own. */
const isUsable = ({ severity }: Diagnostic) => severity === "error" || severity === "warning";

/** Takes from the engine's events what a preview would change. */
export function readPreview(events: readonly EngineEvent[]): Preview {
  const steps = new Map<string, Step[]>();
  for (const { resourcePreEvent } of events) {
    const step = resourcePreEvent?.metadata;
    if (step === undefined || ACTIONS[step.op] === undefined) continue;
    steps.set(step.urn, [...(steps.get(step.urn) ?? []), step]);
  }
  const parents = parentsOf(events);
  const changes = [...steps.values()].flatMap((own) => readChange(own, parents) ?? []);
  const components = changes.filter((change) => !isCustom(change));
  const named = (action: Action) =>
    new Set(
      components.flatMap((change) =>
        change.action === action ? `${shortType(change.type)} ${change.name}` : [],
      ),
    );
  const [created, deleted] = [named("create"), named("delete")];
  return {
    // A component is nothing outside of the engine, and a data source that is read changes nothing.
    changes: changes
      .filter((change) => isCustom(change) && change.action !== "read")
      .map((change) => ({ ...change, whole: wholeComponent(change, created, deleted) })),
    ...restOf(events),
  };
}

/** What a resource is a part of, by URN. */
function parentsOf(events: readonly EngineEvent[]): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    const parent = step?.new?.parent || step?.old?.parent;
    if (step !== undefined && parent) parents.set(step.urn, parent);
  }
  return parents;
}

/** What a preview says beside what changes. */
function restOf(events: readonly EngineEvent[]): Omit<Preview, "changes"> {
  return {
    unchanged: events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges?.same ?? 0,
    policies: events.flatMap(({ policyEvent }) => policyEvent ?? []),
    diagnostics: [
      ...events.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent && isUsable(diagnosticEvent) ? diagnosticEvent : [],
      ),
      ...events.flatMap(({ errorEvent }) =>
        errorEvent ? { urn: "", message: errorEvent.error, severity: "error" } : [],
      ),
    ],
    complete: events.some(({ summaryEvent }) => summaryEvent !== undefined),
  };
}

/**
 * Takes from the events of a refresh what is there and not as the engine left it. A refresh says so only after it has
 * looked: the step before that has the same state on both sides.
 */
export function readDrift(events: readonly EngineEvent[]): Preview {
  const parents = parentsOf(events);
  const changes = events.flatMap(({ resOutputsEvent }): Change[] => {
    const step = resOutputsEvent?.metadata;
    if (step === undefined || (step.op !== "update" && step.op !== "delete")) return [];
    const change = readChange([step], parents);
    if (change === undefined || !isCustom(change)) return [];
    return [{ ...change, properties: step.op === "update" ? driftedProperties(step) : [] }];
  });
  return { changes, ...restOf(events) };
}

const isCustom = ({ oldState, newState }: Change) => (newState ?? oldState)?.custom === true;

function wholeComponent(
  { components }: Change,
  created: ReadonlySet<string>,
  deleted: ReadonlySet<string>,
): Change["whole"] {
  if (components.some((component) => created.has(component))) return "created";
  return components.some((component) => deleted.has(component)) ? "deleted" : undefined;
}

function readChange(steps: readonly Step[], parents: ReadonlyMap<string, string>): Change | undefined {
  // What is taken over is read first; the step behind that has what it is and what it becomes.
  const taken = steps.some(({ op }) => op === "import");
  const behind = taken ? steps.filter(({ op }) => op !== "import") : steps;
  const ordered = [...behind].sort((a, b) => TELLING.indexOf(a.op) - TELLING.indexOf(b.op));
  const [step = steps[0]] = ordered;
  const done = step === undefined ? undefined : ACTIONS[step.op];
  const action = taken && done === "update" ? "import" : done;
  if (step === undefined || action === undefined) return undefined;
  const ops = steps.map(({ op }) => op);
  const deleted = ops.indexOf("delete-replaced");
  const forcedBy = [...new Set(steps.flatMap(({ keys }) => keys ?? []))].filter(
    (key) => key !== "__internal",
  );
  const oldState = step.old ?? undefined;
  // A step that deletes has the state that it deletes on both sides in some versions of the engine.
  const newState = action === "delete" || action === "forget" ? undefined : (step.new ?? undefined);
  const isChange =
    step.op !== "import" && (action === "update" || action === "replace" || action === "import");
  return {
    urn: step.urn,
    type: typeOf(step.urn) || step.type,
    name: nameOf(step.urn),
    action,
    components: componentsOf(step.urn, parents),
    old: oldState?.inputs ?? {},
    new: newState?.inputs ?? {},
    oldState,
    newState,
    properties: isChange ? changedProperties(step) : [],
    forcedBy: action === "replace" ? forcedBy : [],
    gap: deleted >= 0 && deleted < ops.findIndex((op) => op.startsWith("create-")),
    whole: undefined,
  };
}

/** The components around a resource, without the stack and the pipeline that all are in. */
function componentsOf(urn: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const chain: string[] = [];
  for (let parent = parents.get(urn); parent !== undefined; parent = parents.get(parent)) {
    const type = typeOf(parent);
    if (type === "pulumi:pulumi:Stack") break;
    if (shortType(type) !== "ReleasePipeline") chain.unshift(`${shortType(type)} ${nameOf(parent)}`);
  }
  return chain;
}
