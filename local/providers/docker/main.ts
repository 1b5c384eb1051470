import sdk from "@pulumi/docker/package.json" with { type: "json" };
import { serveProvider } from "../framework/server.ts";
import { dockerProvider } from "./provider.ts";

await serveProvider(dockerProvider(sdk.version));
