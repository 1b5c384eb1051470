import { describe, expect, it } from "vitest";
import { localSettings } from "./stack-file.ts";

const file = (providers: string, organization = "{ name: hypriot }") =>
  `config:\n  hypriotos:organization: ${organization}\n  hypriotos:providers: ${providers}\n`;

describe("what the local cloud has to know of a stack file", () => {
  it("is where it listens and the organization", () => {
    const text = file(
      "{ aws: { region: us-east-1, endpoint: http://127.0.0.1:4566 }, github: { baseUrl: http://127.0.0.1:4580/ } }",
    );
    expect(localSettings(text)).toEqual({
      aws: { region: "us-east-1", endpoint: "http://127.0.0.1:4566" },
      github: { baseUrl: "http://127.0.0.1:4580" },
      organization: "hypriot",
    });
  });

  it.each([
    ["has no providers", "config:\n  hypriotos:organization: { name: hypriot }\n"],
    ["names no endpoint", file("{ aws: { region: eu-west-1 } }")],
    ["names endpoints elsewhere", file("{ aws: { region: eu-west-1, endpoint: https://s3.example.org } }")],
    ["is empty", ""],
  ])("is nothing when the file %s", (_, text) => {
    expect(localSettings(text)).toBeUndefined();
  });

  it("lists everything that is wrong when only one of the clouds is local", () => {
    const text = file(
      "{ aws: { region: us-east-1, endpoint: http://127.0.0.1:4566 }, github: { baseUrl: https://api.example.org/ } }",
      "{ name: 7 }",
    );
    expect(() => localSettings(text)).toThrow(
      new Error(
        "hypriotos:organization.name: expected the organization's name\n" +
          "hypriotos:providers.github.baseUrl: expected http://127.0.0.1:<port>",
      ),
    );
  });
});
