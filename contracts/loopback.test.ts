import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";

describe("isLoopback", () => {
  it("knows loopback from everything else", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isLoopback(`http://${address}:1/`)).toBe(address.startsWith("127."));
      }),
    );
    expect(["http://localhost:1", "http://[::1]:1"].map(isLoopback)).toEqual([true, true]);
    const others = ["http://127.0.0.1.example", "https://localhost.example", "127.0.0.1", ""];
    expect(others.map(isLoopback)).toEqual([false, false, false, false]);
  });
});
