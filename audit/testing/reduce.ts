import { z } from "zod";

const stepEvent = z.looseObject({
  metadata: z.looseObject({
    op: z.string(),
    urn: z.string(),
    old: z.looseObject({}).nullish(),
    new: z.looseObject({}).nullish(),
    detailedDiff: z.record(z.string(), z.looseObject({ inputDiff: z.boolean() })).nullish(),
  }),
});
const engineEvent = z.looseObject({
  resourcePreEvent: stepEvent.optional(),
  diagnosticEvent: z.looseObject({ severity: z.string() }).optional(),
});
type Recorded = z.infer<typeof engineEvent>;

/** Where the clouds of a stack listen: they are others at each recording. */
export interface Addresses {
  readonly aws: string;
  readonly github: string;
}

/**
 * What of an engine's event log a report is made of, so that it can be kept beside the tests: steps that change
 * something, the components around them, errors and warnings, policies, and the summary. Addresses become those of
 * stacks/Pulumi.local.yaml.
 */
export function reduceLog(log: string, { aws, github }: Addresses): string {
  const text = log
    .replaceAll(new URL(aws).host, "127.0.0.1:4566")
    .replaceAll(new URL(github).host, "127.0.0.1:4580");
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => engineEvent.parse(JSON.parse(line)));
  const parents = needed(events);
  return events
    .flatMap((event) => {
      const kept = reduced(event, parents);
      return kept === undefined ? [] : [`${JSON.stringify(kept)}\n`];
    })
    .join("");
}

const changes = ({ resourcePreEvent: step }: Recorded) =>
  step !== undefined && !["same", "refresh", "read"].includes(step.metadata.op);

/** The components around what changes. */
function needed(events: readonly Recorded[]): ReadonlySet<string> {
  const parents = new Map<string, string>();
  for (const { resourcePreEvent: step } of events) {
    const parent = step?.metadata.new?.parent ?? step?.metadata.old?.parent;
    if (step !== undefined && typeof parent === "string" && parent !== "")
      parents.set(step.metadata.urn, parent);
  }
  const all = new Set<string>();
  for (const event of events.filter(changes)) {
    let urn = parents.get(event.resourcePreEvent?.metadata.urn ?? "");
    for (; urn !== undefined && !all.has(urn); urn = parents.get(urn)) all.add(urn);
  }
  return all;
}

function reduced(event: Recorded, parents: ReadonlySet<string>): Recorded | undefined {
  const { resourcePreEvent: step, diagnosticEvent } = event;
  if (step !== undefined) {
    const { old, new: young, provider: _, ...metadata } = step.metadata;
    const told = Object.values(metadata.detailedDiff ?? {}).some(({ inputDiff }) => !inputDiff);
    if (changes(event)) {
      const sides = { old: side(old, told), new: side(young, false) };
      return { ...event, resourcePreEvent: { metadata: { ...metadata, ...sides } } };
    }
    if (metadata.op !== "same" || !parents.has(metadata.urn)) return undefined;
    const { type, urn, parent } = young ?? {};
    return { ...event, resourcePreEvent: { metadata: { ...metadata, new: { type, urn, parent } } } };
  }
  if (diagnosticEvent !== undefined) {
    return ["error", "warning"].includes(diagnosticEvent.severity) ? event : undefined;
  }
  return event.policyEvent || event.summaryEvent || event.errorEvent ? event : undefined;
}

/** A resource's side, with its outputs only where the engine compared with those; else with its ARN. */
function side(state: Readonly<Record<string, unknown>> | null | undefined, outputs: boolean) {
  if (state === null || state === undefined) return state;
  const { provider: _, outputs: all, ...rest } = state;
  if (outputs) return { ...rest, outputs: all };
  const arn = z.object({ arn: z.string() }).safeParse(all);
  return { ...rest, outputs: arn.success ? arn.data : {} };
}
