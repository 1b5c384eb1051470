import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARCHITECTURES } from "../../contracts/architecture.ts";
import { physicalNames, runnerNames, stackNames } from "./names.ts";

describe("physicalNames", () => {
  it("carries organization and stack, in lower case", () => {
    const names = physicalNames("Hypriot", "local");
    expect(names.artifactBucket).toBe("hypriot-local-artifacts");
    expect(names.queue("arm64")).toBe("hypriot-local-build-arm64");
    expect(names.function("dispatch")).toBe("hypriot-local-dispatch");
    expect(names.runner("arm-1")).toBe("hypriot-local-runner-arm-1");
  });

  it("never gives one name to two queues, functions or roles of a stack", () => {
    const slug = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})?$/);
    fc.assert(
      fc.property(slug, slug, fc.uniqueArray(slug, { maxLength: 5 }), (organization, stack, runners) => {
        const all = [
          ...stackNames(organization, stack, ARCHITECTURES),
          ...runners.flatMap((runner, index) =>
            runnerNames(organization, stack, runner, index % 2 === 0 ? "docker" : "codebuild"),
          ),
        ].map(({ kind, name }) => `${kind} ${name}`);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
