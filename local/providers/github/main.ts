import sdk from "@pulumi/github/package.json" with { type: "json" };
import { serveProvider } from "../framework/server.ts";
import { githubProvider } from "./provider.ts";

export const ready = serveProvider(githubProvider(sdk.version));
