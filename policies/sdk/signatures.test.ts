import * as rpc from "@pulumi/pulumi/runtime/rpc.js";
import { expect, it } from "vitest";
import * as signatures from "./signatures.ts";

it("has the SDK's signatures", () => {
  expect(rpc).toMatchObject(signatures);
});
