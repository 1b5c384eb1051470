import sdk from "@pulumi/docker/package.json" with { type: "json" };
import { serveProvider } from "../framework/server.ts";
import { dockerProvider } from "./provider.ts";

export const ready = serveProvider(dockerProvider(sdk.version));
