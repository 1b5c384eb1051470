import { describe, expect, it } from "vitest";
import { githubProvider } from "./provider.ts";

const provider = githubProvider("1.0.0", { GITHUB_TOKEN: "from-the-environment" });

describe("the provider's configuration", () => {
  it("names every wrong key at once", () => {
    const failures = provider.checkConfig?.({ baseUrl: "localhost:4001", appAuth: { id: "1" } });
    expect(failures?.map(({ property }) => property)).toEqual([
      "baseUrl",
      "appAuth.installationId",
      "appAuth.pemFile",
    ]);
  });
  it("may be unknown in a preview", () => {
    expect(provider.checkConfig?.({})).toEqual([]);
  });
  it("takes the token from the environment, as the official provider does", async () => {
    const { api, owner } = await provider.configure({ owner: "hypriot" });
    expect(owner).toBe("hypriot");
    expect(await api.auth()).toMatchObject({ type: "token", token: "from-the-environment" });
  });
});
