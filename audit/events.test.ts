import { describe, expect, it } from "vitest";
import { parseEvents } from "./events.ts";

const summary = '{"sequence":1,"summaryEvent":{"durationSeconds":1}}';

describe("parseEvents", () => {
  it("reads one event a line, and leaves out a last one that is cut off", () => {
    expect(parseEvents(`${summary}\n{"sequence":2,"res`)).toHaveLength(1);
  });

  it("takes kinds of events that it does not know", () => {
    expect(parseEvents('{"sequence":1,"newKindOfEvent":{}}\n')).toEqual([{ sequence: 1 }]);
  });

  it("names the line that is no event", () => {
    expect(() => parseEvents(`nothing\n${summary}\n`)).toThrow("line 1: found no JSON");
    expect(() => parseEvents(`${summary}\n{"sequence":"2"}\n`)).toThrow("line 2: sequence:");
  });
});
