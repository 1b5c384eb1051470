import { expect, it } from "vitest";
import { decodeConfig } from "./decode.ts";

it("turns the engine's text back into what the stack file has", () => {
  const values = {
    "hypriotos:organization": '{"name":"hypriot"}',
    "hypriotos:tags": " [1]",
    "hypriotos:builder": "debian",
    "hypriotos:alarms": "",
    "hypriotos:release": "{no json",
  };
  expect(decodeConfig({ values, secretKeys: new Set() })).toEqual({
    "hypriotos:organization": { name: "hypriot" },
    "hypriotos:tags": [1],
    "hypriotos:builder": "debian",
    "hypriotos:alarms": null,
    "hypriotos:release": "{no json",
  });
});

it("lets no secret's text through, whatever key it is under", () => {
  const values = { "hypriotos:githubAppPrivateKey": "PEM", "hypriotos:githubApp": '{"privateKey":"PEM"}' };
  expect(decodeConfig({ values, secretKeys: new Set(Object.keys(values)) })).toEqual({
    "hypriotos:githubAppPrivateKey": { secure: "not shown" },
    "hypriotos:githubApp": { secure: "not shown" },
  });
});
