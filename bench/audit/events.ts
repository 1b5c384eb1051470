import type { EngineEvent, Step } from "../../audit/events.ts";

const PROPERTIES = 10;
const PROJECT = "urn:pulumi:bench::hypriotos::";

/** An update of one board's repository in `PROPERTIES` properties, and the component around it. */
function board(index: number): readonly EngineEvent[] {
  const component = `${PROJECT}hypriotos:index:PipelineRepository::board-${index}`;
  const type = "github:index/repository:Repository";
  const urn = `${PROJECT}hypriotos:index:PipelineRepository$${type}::board-${index}`;
  const inputs = (side: string) =>
    Object.fromEntries(
      Array.from({ length: PROPERTIES }, (_, at) => [
        `property${index * PROPERTIES + at}`,
        `${side} ${index} ${"text ".repeat(10)}`,
      ]),
    );
  const state = (side: string): Step["new"] => ({
    type,
    urn,
    custom: true,
    id: `board-${index}`,
    parent: component,
    inputs: inputs(side),
    outputs: inputs(side),
  });
  const detailedDiff = Object.fromEntries(
    Object.keys(inputs("")).map((name) => [name, { diffKind: "update", inputDiff: true }]),
  );
  const around = { op: "same", urn: component, type: "hypriotos:index:PipelineRepository" };
  return [
    {
      sequence: 0,
      resourcePreEvent: {
        metadata: {
          ...around,
          new: { type: around.type, urn: component, id: "", parent: `${PROJECT}pulumi:pulumi:Stack::bench` },
        },
      },
    },
    {
      sequence: 0,
      resourcePreEvent: {
        metadata: { op: "update", urn, type, old: state("old"), new: state("new"), detailedDiff },
      },
    },
  ];
}

/** The event log of a preview that changes so many properties, each board in a way of its own. */
export function eventLog(properties: number): string {
  const boards = Array.from({ length: properties / PROPERTIES }, (_, index) => board(index)).flat();
  const summary: EngineEvent = {
    sequence: 0,
    summaryEvent: { durationSeconds: 1, resourceChanges: { same: 0 } },
  };
  return [...boards, summary].map((event) => `${JSON.stringify(event)}\n`).join("");
}
