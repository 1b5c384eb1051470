import { describe, expect, it } from "vitest";
import { bootstrapPolicy, bootstrapResources } from "../tests/support/bootstrap.ts";

const parameters = {
  prefix: "hypriot-production",
  stack: "production",
  region: "eu-central-1",
  account: "123456789012",
};

const listed = (value: string | readonly string[]): readonly string[] => [value].flat();

describe("bootstrap/aws.yaml", () => {
  it.each(["ReadPolicy", "WritePolicy"] as const)("names every action of %s, and what it is for", (name) => {
    const { Statement } = bootstrapPolicy(name, parameters);
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
    for (const { Action } of allowed) {
      for (const action of listed(Action)) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z0-9]+$/);
    }
    // Of the account's other resources nothing is changed: what is for all of them reads, or has a condition.
    const wide = allowed.filter(({ Resource }) => listed(Resource).includes("*"));
    const changing = wide.filter(
      ({ Condition, Action }) => Condition === undefined && name === "WritePolicy" && Action,
    );
    expect(changing.map(({ Sid }) => Sid)).toEqual(name === "WritePolicy" ? ["Subscriptions"] : []);
  });

  it("gives the preview role nothing that changes anything, and no secret's value", () => {
    const { Statement } = bootstrapPolicy("ReadPolicy", parameters);
    for (const action of Statement.flatMap(({ Action }) => listed(Action))) {
      expect(action).toMatch(/:(BatchGet|Describe|Get|List)/);
      expect(action).not.toMatch(/GetSecretValue|ReceiveMessage|GetItem|Scan|Query/);
    }
  });

  it("fits into what IAM takes, with the longest prefix", () => {
    for (const name of ["ReadPolicy", "WritePolicy"] as const) {
      const policy = bootstrapPolicy(name, { ...parameters, prefix: "x".repeat(41) });
      expect(JSON.stringify(policy).replaceAll(/\s/g, "").length).toBeLessThanOrEqual(6_144);
    }
  });

  it.each([
    ["PreviewRole", "preview-production"],
    ["UpRole", "production"],
  ])("lets just the workflows in one environment take %s", (role, environment) => {
    const text = JSON.stringify(bootstrapResources(parameters)[role]);
    expect(text).toContain(
      `"token.actions.githubusercontent.com:sub":"repo:\${Repository}:environment:${environment}"`,
    );
    expect(text).toContain('"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"');
    expect(text).not.toContain("StringLike");
  });
});
