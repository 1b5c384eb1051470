import { z } from "zod";

/** Properties as the engine puts them into events: secrets blinded, unknowns and assets marked (see values.ts). */
const properties = z.record(z.string(), z.unknown());

const stateSchema = z.object({
  type: z.string(),
  urn: z.string(),
  custom: z.boolean().optional(),
  id: z.string().default(""),
  parent: z.string().default(""),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: properties.nullish(),
  outputs: properties.nullish(),
});

export type ResourceState = z.infer<typeof stateSchema>;

const stepSchema = z.object({
  metadata: z.object({
    op: z.string(),
    urn: z.string(),
    type: z.string(),
    old: stateSchema.nullish(),
    new: stateSchema.nullish(),
    keys: z.array(z.string()).nullish(),
    diffs: z.array(z.string()).nullish(),
    detailedDiff: z.record(z.string(), z.object({ diffKind: z.string(), inputDiff: z.boolean() })).nullish(),
  }),
});

export type Step = z.infer<typeof stepSchema>["metadata"];

const policySchema = z.object({
  resourceUrn: z.string().default(""),
  message: z.string(),
  policyName: z.string(),
  policyPackName: z.string(),
  enforcementLevel: z.string(),
  severity: z.string().optional(),
});

export type PolicyEvent = z.infer<typeof policySchema>;

const diagnosticSchema = z.object({
  urn: z.string().default(""),
  message: z.string(),
  severity: z.string(),
});

export type Diagnostic = z.infer<typeof diagnosticSchema>;

const summarySchema = z.object({
  durationSeconds: z.number(),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
  PolicyPacks: z.record(z.string(), z.string()).nullish(),
  result: z.string().optional(),
});

/** The kinds of events that say something about a change; the engine has others, and newer ones may have more. */
const eventSchema = z.object({
  sequence: z.number(),
  resourcePreEvent: stepSchema.optional(),
  resOutputsEvent: stepSchema.optional(),
  policyEvent: policySchema.optional(),
  diagnosticEvent: diagnosticSchema.optional(),
  summaryEvent: summarySchema.optional(),
  errorEvent: z.object({ error: z.string() }).optional(),
});

export type EngineEvent = z.infer<typeof eventSchema>;

/**
 * Reads an event log of the engine: one JSON object a line. A last line that is cut off, as a killed engine leaves
 * it, is no event.
 *
 * @throws {Error} that names the line where the log is of another form
 */
export function parseEvents(log: string): readonly EngineEvent[] {
  const lines = log.split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (index === lines.length - 1) return [];
      throw new Error(`the engine's event log, line ${index + 1}: found no JSON, expected one event a line`);
    }
    const event = eventSchema.safeParse(value);
    if (event.success) return [event.data];
    const problems = event.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`the engine's event log, line ${index + 1}: ${problems.join("; ")}`);
  });
}
