import { expect, it } from "vitest";
import { type BootTest, isBooted } from "./boot-test.ts";

it.each<[BootTest, readonly boolean[]]>([
  ["never", [false, false, false]],
  ["tags", [true, false, false]],
  ["pushes", [true, true, true]],
])("%s boots the builds of tags, pushes and pull requests that it says", (bootTest, expected) => {
  const triggers = [
    { type: "tag", tag: "v1.0.0" },
    { type: "push", branch: "main" },
    { type: "pull-request", number: 1 },
  ] as const;
  expect(triggers.map((trigger) => isBooted(bootTest, trigger))).toEqual(expected);
});
