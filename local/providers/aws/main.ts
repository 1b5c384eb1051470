import sdk from "@pulumi/aws/package.json" with { type: "json" };
import { serveProvider } from "../framework/server.ts";
import { awsProvider } from "./provider.ts";

export const ready = serveProvider(awsProvider(sdk.version));
