import { describe, expect, it } from "vitest";
import { dockerProvider } from "./provider.ts";

const provider = dockerProvider("1.0.0", {});

describe("the provider's configuration", () => {
  it("is checked before anything connects", () => {
    expect(provider.checkConfig?.({ host: "tcp://192.0.2.1:2375" })).toMatchObject([{ property: "host" }]);
    expect(provider.checkConfig?.({ host: "ssh://builder@runner.invalid" })).toEqual([]);
    expect(provider.checkConfig?.({})).toEqual([]);
  });
  it("may name a host that cannot be reached", async () => {
    expect(await provider.configure({ host: "ssh://builder@runner.invalid" })).toHaveProperty("modem");
  });
});
